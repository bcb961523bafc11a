"""Tables of statements: an institution's own, and the city's."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from medshare_portal.local_times import describe_month
from medshare_portal.money import money_words
from medshare_portal.templatetags.ui import badge, verdict
from reports.models import Statement
from reports.settlement.queries.statements import netting
from reports.settlement.states import StatementState

LEVELS = {StatementState.REVIEW: "waiting", StatementState.CLOSED: "neutral"}


def state_badge(statement: Statement):
    return badge(LEVELS.get(statement.state, "neutral"), statement.get_state_display())


def _cell(css: str) -> dict:
    """Where a cell stands on a phone (``line-…``, or nowhere); numbers are to the right."""
    return {"td": {"class": css}, "th": {"class": "num" if css.startswith("num") else ""}}


class BaseStatementTable(tables.Table):
    """On a phone a row is two lines: with whom and how much, which month and state.
    ``address`` is what the rows link to."""

    month = tables.Column(
        verbose_name=pgettext_lazy("of a statement", "Month"),
        attrs={"td": {"scope": "row", "class": "line-when"}},
    )
    state = tables.Column(verbose_name=_("State"), attrs=_cell("line-state"))
    disputes = tables.Column(
        verbose_name=_("Disputes"),
        empty_values=(),
        orderable=False,
        attrs=_cell("line-note"),
    )

    class Meta:
        model = Statement
        fields = ()
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone two-lines"}

    def __init__(self, *args, address: str = "", institution=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.address, self.institution = address, institution

    def render_state(self, record):
        return state_badge(record)

    def render_disputes(self, record):
        number = record.open_disputes
        if not number:
            return ""
        words = ngettext("%(n)s open", "%(n)s open", number) % {"n": number}
        return verdict("warn", words)

    def title(self, record, words):
        return format_html(
            '<a class="title" href="{}{}/">{}</a><br><span class="meta">{}</span>',
            self.address,
            record.pk,
            words,
            record.currency,
        )


class StatementTable(BaseStatementTable):
    other = tables.Column(
        verbose_name=_("With"), empty_values=(), orderable=False, attrs=_cell("line-who")
    )
    owed_to_us = tables.Column(
        verbose_name=_("Owed to us"),
        empty_values=(),
        orderable=False,
        attrs=_cell("num wide-only"),
    )
    owed_by_us = tables.Column(
        verbose_name=_("We owe"),
        empty_values=(),
        orderable=False,
        attrs=_cell("num wide-only"),
    )
    net = tables.Column(
        verbose_name=_("Balance"),
        empty_values=(),
        orderable=False,
        attrs=_cell("num line-sum"),
    )

    class Meta(BaseStatementTable.Meta):
        sequence = ("month", "other", "owed_to_us", "owed_by_us", "net", "disputes", "state")
        attrs = BaseStatementTable.Meta.attrs | {"caption": _("Statements")}

    def render_month(self, record):
        return self.title(record, describe_month(record.month))

    def render_other(self, record):
        return record.other(self.institution).name

    def render_owed_to_us(self, record):
        return netting(record, self.institution).to_us_words

    def render_owed_by_us(self, record):
        return netting(record, self.institution).by_us_words

    def render_net(self, record):
        found = netting(record, self.institution)
        if not found.net:
            return found.net_words
        words = _("we are paid %(sum)s") if found.net > 0 else _("we pay %(sum)s")
        return format_html("<strong>{}</strong>", words % {"sum": found.net_words})


class CityStatementTable(BaseStatementTable):
    sides = tables.Column(
        verbose_name=_("Between"), empty_values=(), orderable=False, attrs=_cell("line-who")
    )
    owed_first = tables.Column(
        verbose_name=_("Owed to the first"),
        orderable=False,
        attrs=_cell("num wide-only"),
    )
    owed_second = tables.Column(
        verbose_name=_("Owed to the second"),
        orderable=False,
        attrs=_cell("num wide-only"),
    )
    net = tables.Column(
        verbose_name=_("Balance"),
        empty_values=(),
        orderable=False,
        attrs=_cell("num line-sum"),
    )

    class Meta(BaseStatementTable.Meta):
        sequence = ("month", "sides", "owed_first", "owed_second", "net", "disputes", "state")
        attrs = BaseStatementTable.Meta.attrs | {"caption": _("Statements")}

    def render_month(self, record):
        return self.title(record, describe_month(record.month))

    def render_sides(self, record):
        return f"{record.first.name} – {record.second.name}"

    def render_owed_first(self, record):
        return money_words(record.owed_first, record.currency)

    def render_owed_second(self, record):
        return money_words(record.owed_second, record.currency)

    def render_net(self, record):
        found = netting(record, record.first)
        if not found.net:
            return found.net_words
        paid = record.first if found.net > 0 else record.second
        words = _("%(name)s is paid") % {"name": paid.name}
        return format_html(
            '<strong>{}</strong><br><span class="meta">{}</span>', found.net_words, words
        )
