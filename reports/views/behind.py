"""Where the rows behind a figure are: the requests, or the page that lists what it is made of."""

from django.urls import reverse

from reports.queries.all_figures import OF_REQUESTS
from reports.queries.districts import code_of

REGISTER, STAFF, PRIVACY = "register", "staff-figures", "privacy"
# Pages that list what a figure is made of, where that is no request.
PAGES = {
    **dict.fromkeys(
        ("gross", "net", "rated", "by_time", "by_capacity", "by_load", "idle_hours", "idle_rate",
         "availability", "mtbf", "mttr", "maintenance"),
        REGISTER,
    ),
    "expiry_loss": "expiry",
    "credentials": STAFF,
    **dict.fromkeys(
        ("looks_refused", "break_glass", "break_glass_reviewed", "recognition",
         "repeats_avoided"),
        PRIVACY,
    ),
    **dict.fromkeys(("gini", "theil", "jain", "concentration"), "equity"),
}  # fmt: skip


class Behind:
    """Base: ``uses_address``, ``page_address()`` and ``page_query()``."""

    def behind(self, code: str) -> str:
        """The address of the rows; "" where there are none to show."""
        if code in OF_REQUESTS:
            return f"{self.uses_address}?{self.query(**OF_REQUESTS[code])}"
        page = PAGES.get(code)
        return f"{self.page_address(page)}?{self.page_query()}" if page else ""


class OwnBehind(Behind):
    @property
    def uses_address(self) -> str:
        return reverse("reports:uses", args=[self.institution.slug])

    def page_address(self, page: str) -> str:
        return reverse(f"reports:{page}", args=[self.institution.slug])

    def page_query(self) -> str:
        return self.query()


class CityBehind(Behind):
    """``about``: an institution, whose rows are on the pages of its district, or None: the city."""

    @property
    def uses_address(self) -> str:
        return reverse("city:uses")

    def page_address(self, page: str) -> str:
        return reverse(f"city:{page}")

    def page_query(self) -> str:
        district = code_of(self.about) if self.about else ""
        return self.query(institution="", district=district)
