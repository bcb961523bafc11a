"""The catalogue's table.  The head is django-tables2's; the body is joined strings.

A cell is a function of a row (a dictionary of ``queries.catalogue``); rendering fifty rows through
templates would cost more than reading them.
"""

from datetime import datetime, timedelta
from html import escape

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.bilingual import is_chinese
from medshare_portal.local_times import describe_moment
from medshare_portal.templatetags.ui import verdict
from resources.enums import Condition, ResourceStatus, ShareMode

MOST_COUNTED = 2000
NUMBERS = {"distance", "fee"}
NUMBER = {"th": {"class": "num"}}
SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}
STATUS_LEVELS = {"listed": "ok", "paused": "waiting", "submitted": "waiting"}
SHORT_MODES = {
    ShareMode.ON_SITE: gettext_lazy("On site"),
    ShareMode.LOAN: gettext_lazy("Loan"),
    ShareMode.SERVICE: gettext_lazy("Service"),
}


class KeyPaginator(Paginator):
    """Pages through keys, read at once and only the first MOST_COUNTED.

    So one statement counts and finds the page, whose rows are then read by their keys; a longer
    list is narrowed, not paged through.
    """

    def __init__(self, rows, per_page, **options):
        super().__init__(list(rows.data.data[:MOST_COUNTED]), per_page, **options)


class ResourceTable(tables.Table):
    """One row per resource; which columns are shown is the reader's choice."""

    name = tables.Column(verbose_name=_("Device"), order_by=("name_en", "code"))
    category = tables.Column(
        verbose_name=_("Category"), order_by=("category__path", "code"), empty_values=()
    )
    institution = tables.Column(
        verbose_name=_("Institution"), order_by=("institution__name_en", "code")
    )
    distance = tables.Column(
        verbose_name=_("Distance"), order_by=("squared_km", "pk"), attrs=NUMBER
    )
    modes = tables.Column(verbose_name=_("Mode"), orderable=False)
    free = tables.Column(verbose_name=_("Next free"), orderable=False)
    fee = tables.Column(verbose_name=_("Per hour"), orderable=False, attrs=NUMBER)
    confirmed = tables.Column(verbose_name=_("Confirmed"), order_by=("confirmed_at", "pk"))
    status = tables.Column(verbose_name=_("Status"), order_by=("status", "code"))
    condition = tables.Column(verbose_name=_("Condition"), orderable=False)

    DEFAULT = ("name", "category", "institution", "distance", "modes", "free", "fee", "confirmed")

    class Meta:
        attrs = {"caption": _("Catalogue"), "class": "cards-on-phone"}
        template_name = "resources/resource_table.html"
        empty_text = _("Nothing fits these filters.")

    def __init__(self, *args, kind, institution, now: datetime, link: str, shown=None, **kwargs):
        shown = [name for name in (shown or self.DEFAULT) if name in self.base_columns]
        hidden = set(self.base_columns) - {"name", *shown}
        if not kind.mode_fields:
            hidden.add("modes")
        super().__init__(*args, exclude=hidden, **kwargs)
        self.kind, self.institution, self.now, self.link = kind, institution, now, link
        self.records: list[dict] = []  # of the page, with what takes their time: the view's
        self.free: dict = {}
        self.marks: dict[str, str] = {}

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(name, words) of every column that can be switched off."""
        return [(n, column.verbose_name) for n, column in cls.base_columns.items() if n != "name"]

    def body(self) -> SafeString:
        """All rows of the page as HTML; every cell function returns escaped text."""
        chosen = [column for column in self.columns if column.name != "name"]
        cells = [
            (getattr(self, f"cell_{column.name}"), _opening(column.name, column.header))
            for column in chosen
        ]
        rows = []
        for row in self.records:
            inner = "".join(f"{opening}{cell(row)}</td>" for cell, opening in cells)
            rows.append(f"<tr>{self.cell_name(row)}{inner}</tr>")
        return SafeString("\n".join(rows))

    def cell_name(self, row: dict) -> str:
        below = row["code"]
        if row["units"] > 1:
            units = ngettext("%(n)d unit", "%(n)d units", row["units"]) % {"n": row["units"]}
            below = f"{below} · {units}"
        return (
            f'<th scope="row"><a class="row-title" href="{self.link}{row["pk"]}/">'
            f'{escape(words(row, "name"))}</a><span class="meta">{escape(below)}</span></th>'
        )

    def cell_category(self, row: dict) -> str:
        return escape(words(row, "category__name"))

    def cell_institution(self, row: dict) -> str:
        if row["institution_id"] == self.institution.pk:
            return f"<strong>{escape(gettext('Ours'))}</strong>"
        name, district = words(row, "institution__name"), words(row, "institution__district")
        return f'{escape(name)} <span class="meta">{escape(district)}</span>'

    def cell_distance(self, row: dict) -> str:
        if row["km"] is None:
            return ""
        return escape(gettext("%(km)s km") % {"km": f"{row['km']:.1f}"})

    def cell_modes(self, row: dict) -> str:
        modes = (m for m in self.kind.mode_fields if row[f"{self.kind.detail}__{m}"])
        return escape(" · ".join(str(SHORT_MODES[ShareMode(m)]) for m in modes))

    def cell_free(self, row: dict) -> str:
        return self.verdict(*self._availability(row))

    def verdict(self, level: str, text: str) -> str:
        """The tag ``verdict`` with its drawing made once per page."""
        if level not in self.marks:
            self.marks[level] = verdict(level, "{}")
        return self.marks[level].replace("{}", escape(text))

    def _availability(self, row: dict) -> tuple[str, str]:
        """(level, words): the technical state first, then the next offered and untaken time."""
        states = self.kind.states
        state = row.get(f"{self.kind.detail}__status")
        if states and state not in states.USABLE:
            return "bad", str(states(state).label)
        if row["pk"] not in self.free:
            return "neutral", gettext("Taken") if row["offered_from"] else gettext("Not offered")
        starts_at, ends_at = self.free[row["pk"]]
        if starts_at > self.now:
            return "waiting", describe_moment(starts_at)
        single = row["units"] == 1
        until = gettext("Free until %(time)s") if single else gettext("Offered until %(time)s")
        return "ok", until % {"time": describe_moment(ends_at)}

    def cell_fee(self, row: dict) -> str:
        return escape(money(row["fee"], row["currency"]))

    def cell_confirmed(self, row: dict) -> str:
        level, text = freshness(row["confirmed_at"], self.now)
        return f'<span class="{level}">{escape(text)}</span>'

    def cell_status(self, row: dict) -> str:
        status = row["status"]
        level = STATUS_LEVELS.get(status, "neutral")
        return self.verdict(level, str(ResourceStatus(status).label))

    def cell_condition(self, row: dict) -> str:
        return escape(str(Condition(row["condition"]).label))


def _opening(name: str, header: str) -> str:
    """The start of a cell; on a phone it is labelled with its column's words."""
    css = ' class="num"' if name in NUMBERS else ""
    return f'<td{css} data-label="{escape(str(header))}">'


def words(row: dict, name: str) -> str:
    """The text in the reader's language, or in the other one."""
    mine, other = ("zh", "en") if is_chinese() else ("en", "zh")
    return row[f"{name}_{mine}"] or row[f"{name}_{other}"]


def money(amount, currency: str | None) -> str:
    """'¥75', '¥7.50'; nothing where there is no offer."""
    if amount is None:
        return ""
    number = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    return f"{SYMBOLS.get(currency, f'{currency} ')}{number}"


def freshness(confirmed_at: datetime | None, now: datetime) -> tuple[str, str]:
    """(css class, words) of how long ago the owner confirmed; old ones warn."""
    if confirmed_at is None:
        return "meta", gettext("Never")
    days = max((now - confirmed_at) // timedelta(days=1), 0)
    if days == 0:
        return "t-ok", gettext("Today")
    level = "t-warn" if days >= policy.current().offer.confirm_after_days else ""
    return level, ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
