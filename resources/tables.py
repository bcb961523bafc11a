"""The catalogue's table.  The head is django-tables2's; the body is joined strings.

A row is a dictionary of ``queries.catalogue``; rendering fifty rows through templates would cost
more than reading them.
"""

from datetime import datetime
from functools import cache
from html import escape
from itertools import compress

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.bilingual import is_chinese
from medshare_portal.local_times import describe_moment
from medshare_portal.templatetags.ui import verdict
from resources.enums import Condition, ResourceStatus, ShareMode
from resources.queries.catalogue import LOOK_AHEAD

PLACE = "{}"
NUMBERS = {"distance", "fee"}
NUMBER = {"th": {"class": "num"}}
SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}
STATUS_LEVELS = {"listed": "ok", "paused": "waiting", "submitted": "waiting"}
SHORT_MODES = {
    ShareMode.ON_SITE: gettext_lazy("On site"),
    ShareMode.LOAN: gettext_lazy("Loan"),
    ShareMode.SERVICE: gettext_lazy("Service"),
}


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
    fee = tables.Column(verbose_name=_("Price"), orderable=False, attrs=NUMBER)
    confirmed = tables.Column(verbose_name=_("Confirmed"), order_by=("confirmed_at", "pk"))
    status = tables.Column(verbose_name=_("Status"), order_by=("status", "code"))
    condition = tables.Column(verbose_name=_("Condition"), orderable=False)

    DEFAULT = ("name", "category", "institution", "distance", "modes", "free", "fee", "confirmed")

    class Meta:
        attrs = {"caption": _("Catalogue"), "class": "cards-on-phone"}
        template_name = "resources/resource_table.html"
        empty_text = _("Nothing fits these filters.")

    def __init__(
        self,
        *args,
        kind,
        institution,
        now: datetime,
        link: str,
        wait_link: str = "",
        shown=None,
        **kwargs,
    ):
        shown = [name for name in (shown or self.DEFAULT) if name in self.base_columns]
        hidden = set(self.base_columns) - {"name", *shown}
        if kind.list_columns:
            hidden |= set(self.base_columns) - {"name", *kind.list_columns}
        if not kind.mode_fields:
            hidden.add("modes")
        super().__init__(*args, exclude=hidden, **kwargs)
        self.columns["name"].column.verbose_name = kind.item
        self.kind, self.institution, self.now, self.link = kind, institution, now, link
        self.wait_link = wait_link
        self.records: list[dict] = []  # of the page, with what takes their time: the view's
        self.free: dict = {}
        self.waiting: dict[int, int] = {}  # how many wait, by key

    def choices(self) -> list[tuple[str, str]]:
        """(name, words) of every column that can be switched off."""
        possible = self.kind.list_columns or self.base_columns
        return [
            (name, column.verbose_name)
            for name, column in self.base_columns.items()
            if name != "name" and name in possible
        ]

    def body(self) -> SafeString:
        """All rows of the page as HTML."""
        cells = Cells(self)
        makers = [
            (getattr(cells, column.name), _opening(column.name, column.header))
            for column in self.columns
            if column.name != "name"
        ]
        rows = []
        for row in self.records:
            inner = "".join([f"{opening}{cell(row)}</td>" for cell, opening in makers])
            rows.append(f"<tr>{cells.name(row)}{inner}</tr>")
        return SafeString("\n".join(rows))


def _opening(name: str, header: str) -> str:
    """The start of a cell; on a phone it is labelled with its column's words."""
    css = ' class="num"' if name in NUMBERS else ""
    return f'<td{css} data-label="{escape(str(header))}">'


class Cells:
    """A page's cells: each is a function of a row and returns escaped text.

    What rows have in common is worked out once for the page: the reader's language, the words,
    and what a moment, a price or an age looks like.
    """

    def __init__(self, table: ResourceTable):
        self.kind, self.reader, self.now = table.kind, table.institution.pk, table.now
        self.link, self.intervals, self.waiting = table.link, table.free, table.waiting
        self.usable = getattr(self.kind.states, "USABLE", ())
        self.tongues = ("_zh", "_en") if is_chinese() else ("_en", "_zh")
        self.mode_columns = [f"{self.kind.detail}__{name}" for name in self.kind.mode_fields]
        self.state_column = f"{self.kind.detail}__status"
        self.ours = f"<strong>{escape(gettext('Ours'))}</strong>"
        self.km, self.taken = escape(gettext("%(km)s km")), gettext("Taken")
        self.wait_link, self.wait = table.wait_link, escape(gettext("Join the line"))
        self.not_offered, self.free_until = gettext("Not offered"), gettext("Free until %(time)s")
        self.offered_until = gettext("Offered until %(time)s")
        days = {"n": LOOK_AHEAD.days}
        self.long_free = gettext("Free, no booking in %(n)d days") % days
        self.long_offered = gettext("Offered for more than %(n)d days") % days
        self.moment, self.price, self.age = cache(describe_moment), cache(_price), cache(_age)
        self.a_shift = escape(gettext("%(fee)s a shift"))
        self.modes_of, self.drawing = cache(self._modes), cache(_drawing)

    def words(self, row: dict, name: str) -> str:
        """The text in the reader's language, or in the other one."""
        mine, other = self.tongues
        return escape(row[name + mine] or row[name + other])

    def name(self, row: dict) -> str:
        below = row["code"]
        if row["units"] > 1:
            units = ngettext("%(n)d unit", "%(n)d units", row["units"]) % {"n": row["units"]}
            below = f"{below} · {units}"
        return (
            f'<th scope="row"><a class="row-title" href="{self.link}{row["pk"]}/">'
            f'{self.words(row, "name")}</a><span class="meta">{escape(below)}</span></th>'
        )

    def category(self, row: dict) -> str:
        return self.words(row, "category__name")

    def institution(self, row: dict) -> str:
        if row["institution_id"] == self.reader:
            return self.ours
        district = self.words(row, "institution__district")
        return f'{self.words(row, "institution__name")} <span class="meta">{district}</span>'

    def distance(self, row: dict) -> str:
        return "" if row["km"] is None else self.km % {"km": f"{row['km']:.1f}"}

    def modes(self, row: dict) -> str:
        return self.modes_of(*[row[name] for name in self.mode_columns])

    def _modes(self, *allowed: bool) -> str:
        modes = compress(self.kind.mode_fields, allowed)
        return escape(" · ".join(str(SHORT_MODES[ShareMode(mode)]) for mode in modes))

    def free(self, row: dict) -> str:
        """What is taken for weeks can be waited for."""
        level, text = self._availability(row)
        drawn = self.verdict(level, text)
        if text is not self.taken or not self.wait_link or row["institution_id"] == self.reader:
            return drawn
        return f'{drawn} <a href="{self.wait_link}{row["pk"]}">{self.wait}</a>{self._line(row)}'

    def _line(self, row: dict) -> str:
        number = self.waiting.get(row["pk"], 0)
        if not number:
            return ""
        words = ngettext("%(n)d waiting", "%(n)d waiting", number) % {"n": number}
        return f' <span class="meta">{escape(words)}</span>'

    def verdict(self, level: str, text: str) -> str:
        return self.drawing(level).replace(PLACE, escape(text))

    def _availability(self, row: dict) -> tuple[str, str]:
        """(level, words): the technical state first, then the next offered and untaken time."""
        state = row.get(self.state_column)
        if self.kind.states and state not in self.usable:
            return "bad", str(self.kind.states(state).label)
        if row["pk"] not in self.intervals:
            return "neutral", self.taken if row["offered_from"] else self.not_offered
        starts_at, ends_at = self.intervals[row["pk"]]
        if starts_at > self.now:
            return "waiting", self.moment(starts_at)
        single = row["units"] == 1
        if ends_at - self.now >= LOOK_AHEAD:  # the far end is the plan's, not a booking's
            return "ok", self.long_free if single else self.long_offered
        until = self.free_until if single else self.offered_until
        return "ok", until % {"time": self.moment(ends_at)}

    def fee(self, row: dict) -> str:
        if row["fee_per_shift"] is not None:
            return self.a_shift % {"fee": self.price(row["fee_per_shift"], row["currency"])}
        return self.price(row["fee"], row["currency"])

    def confirmed(self, row: dict) -> str:
        confirmed_at = row["confirmed_at"]
        return self.age(None if confirmed_at is None else (self.now - confirmed_at).days)

    def status(self, row: dict) -> str:
        status = row["status"]
        level = STATUS_LEVELS.get(status, "neutral")
        return self.verdict(level, str(ResourceStatus(status).label))

    def condition(self, row: dict) -> str:
        return escape(str(Condition(row["condition"]).label))


def _drawing(level: str) -> str:
    """The tag ``verdict`` with a place for its words."""
    return verdict(level, PLACE)


def _price(amount, currency: str | None) -> str:
    return escape(money(amount, currency))


def _age(days: int | None) -> str:
    level, text = freshness_of(days)
    return f'<span class="{level}">{escape(text)}</span>'


def money(amount, currency: str | None) -> str:
    """'¥75', '¥7.50'; nothing where there is no offer."""
    if amount is None:
        return ""
    number = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    return f"{SYMBOLS.get(currency, f'{currency} ')}{number}"


def asked_price(offer) -> str:
    """'¥75 an hour', '¥600 a shift'; nothing where nothing is asked."""
    if offer.fee_per_shift is not None:
        words, fee = gettext("%(fee)s a shift"), offer.fee_per_shift
    else:
        words, fee = gettext("%(fee)s an hour"), offer.fee_per_hour
    return words % {"fee": money(fee, offer.currency)} if fee else ""


def freshness(confirmed_at: datetime | None, now: datetime) -> tuple[str, str]:
    """(css class, words) of how long ago the owner confirmed; old ones warn."""
    return freshness_of(None if confirmed_at is None else (now - confirmed_at).days)


def freshness_of(days: int | None) -> tuple[str, str]:
    """The same of whole days; None is never."""
    if days is None:
        return "meta", gettext("Never")
    if days <= 0:
        return "t-ok", gettext("Today")
    level = "t-warn" if days >= policy.current().offer.confirm_after_days else ""
    return level, ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
