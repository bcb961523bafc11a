"""What nobody should send, and what somebody will."""

NUMBERS = ("0", "-1", "99999999999999999999999", "1e309", "NaN", "١٢", "0x10", "2,5", "")
DATES = (
    "0000-01-01",
    "0000-00-00T00:00",
    "99999-12-31T23:59",
    "9999-12-31T23:59",
    "2026-02-30",
    "2026-03-29T02:30",
    "-2026-01-01",
)
TEXTS = (
    "\x00",
    "a\x00b",
    "'; DROP TABLE x; --",
    "%00%ff",
    "\u202e\u0000\ufeff",
    "🫁" * 40,
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "x" * 300_000,
    "%" * 50 + "_",
    "\r\nSet-Cookie: a=b",
)
VALUES = NUMBERS + DATES + TEXTS
NAMES = (
    *("q", "page", "sort", "per_page", "category", "starts_at", "ends_at", "units", "site"),
    *("within", "priority", "view", "scope", "date", "unit", "hold", "what", "state", "owner"),
    *("institution", "format", "columns", "from", "until", "next", "open", "past", "kind", "full"),
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND")
CONTENT_TYPES = (
    "application/x-www-form-urlencoded; charset=latin-1",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json",
    "text/plain; charset=nonsense",
    "",
)
