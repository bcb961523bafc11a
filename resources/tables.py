"""The catalogue's table.  The head is django-tables2's; the body is joined strings.

A cell is a function of a row (a dictionary of ``queries.catalogue``); rendering fifty rows through
templates would cost more than reading them.
"""

from datetime import datetime, timedelta
from math import sqrt

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.bilingual import is_chinese
from medshare_portal.local_times import describe_moment
from medshare_portal.templatetags.ui import verdict
from resources.enums import Condition, ResourceStatus, ShareMode

MOST_COUNTED = 2000
NUMBER = {"th": {"class": "num"}}
SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}
STATUS_LEVELS = {"listed": "ok", "paused": "waiting", "submitted": "waiting"}
SHORT_MODES = {
    ShareMode.ON_SITE: gettext_lazy("On site"),
    ShareMode.LOAN: gettext_lazy("Loan"),
    ShareMode.SERVICE: gettext_lazy("Service"),
}


class BoundedPaginator(Paginator):
    """Counts no further than MOST_COUNTED: beyond it a list is narrowed, not paged through."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.data.data
        return min(rows.order_by()[: MOST_COUNTED + 1].values("pk").count(), MOST_COUNTED)


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
        self.free: dict = {}

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(name, words) of every column that can be switched off."""
        return [(n, column.verbose_name) for n, column in cls.base_columns.items() if n != "name"]

    @cached_property
    def records(self) -> list[dict]:
        """The rows of this page, read once."""
        return list(self.page.object_list.data if self.page else self.rows.data)

    def body(self):
        """All rows of the page as HTML."""
        chosen = [(column.name, column.header) for column in self.columns if column.name != "name"]
        cells = [(getattr(self, f"cell_{name}"), header) for name, header in chosen]
        return format_html_join(
            "\n",
            "<tr>{}{}</tr>",
            (
                (
                    self.cell_name(row),
                    format_html_join("", "{}", ((cell(row, header),) for cell, header in cells)),
                )
                for row in self.records
            ),
        )

    def cell_name(self, row: dict):
        units = ngettext("%(n)d unit", "%(n)d units", row["units"]) % {"n": row["units"]}
        extra = f" · {units}" if row["units"] > 1 else ""
        return format_html(
            '<th scope="row"><a class="row-title" href="{}{}/">{}</a>'
            '<span class="meta">{}{}</span></th>',
            self.link, row["pk"], words(row, "name"), row["code"], extra,
        )

    def cell_category(self, row: dict, header: str):
        return cell(header, words(row, "category__name"))

    def cell_institution(self, row: dict, header: str):
        if row["institution_id"] == self.institution.pk:
            return cell(header, format_html("<strong>{}</strong>", gettext("Ours")))
        name, district = words(row, "institution__name"), words(row, "institution__district")
        return cell(header, format_html('{} <span class="meta">{}</span>', name, district))

    def cell_distance(self, row: dict, header: str):
        squared = row["squared_km"]
        text = "" if squared is None else gettext("%(km)s km") % {"km": f"{sqrt(squared):.1f}"}
        return cell(header, text, "num")

    def cell_modes(self, row: dict, header: str):
        modes = (m for m in self.kind.mode_fields if row[f"{self.kind.detail}__{m}"])
        return cell(header, " · ".join(str(SHORT_MODES[ShareMode(m)]) for m in modes))

    def cell_free(self, row: dict, header: str):
        return cell(header, verdict(*self._availability(row)))

    def _availability(self, row: dict) -> tuple[str, str]:
        """(level, words): the technical state first, then the next offered and untaken time."""
        states = self.kind.states
        state = row.get(f"{self.kind.detail}__status")
        if states and state not in states.USABLE:
            return "bad", str(states(state).label)
        if row["pk"] not in self.free:
            return "neutral", gettext("Not offered") if not row["offered_from"] else gettext("Taken")
        starts_at, ends_at = self.free[row["pk"]]
        if starts_at > self.now:
            return "waiting", describe_moment(starts_at)
        until = gettext("Free until %(time)s") if row["units"] == 1 else gettext("Offered until %(time)s")
        return "ok", until % {"time": describe_moment(ends_at)}

    def cell_fee(self, row: dict, header: str):
        return cell(header, money(row["fee"], row["currency"]), "num")

    def cell_confirmed(self, row: dict, header: str):
        level, text = freshness(row["confirmed_at"], self.now)
        return cell(header, format_html('<span class="{}">{}</span>', level, text))

    def cell_status(self, row: dict, header: str):
        status = row["status"]
        return cell(header, verdict(STATUS_LEVELS.get(status, "neutral"), ResourceStatus(status).label))

    def cell_condition(self, row: dict, header: str):
        return cell(header, Condition(row["condition"]).label)


def cell(header: str, content, css: str = ""):
    """A table cell; on a phone it is labelled with its column's words."""
    if css:
        return format_html('<td class="{}" data-label="{}">{}</td>', css, header, content)
    return format_html('<td data-label="{}">{}</td>', header, content)


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


