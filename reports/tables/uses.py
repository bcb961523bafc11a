"""The facts of use as a table: no person is in them."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.templatetags.ui import badge
from reports.demand import Outcome
from reports.kpi_words import number_words, value_words
from reports.kpis import Unit
from reports.models import UsageFact
from reports.rollups.shares import TOLERANCE
from reports.tables.demand import TONES, _cell
from resources.kinds import kinds
from scheduling.states import State


class UsesTable(tables.Table):
    resource_en = tables.Column(
        verbose_name=_("Resource"),
        empty_values=(),
        attrs={"td": {"scope": "row", "data-label": _("Resource")}},
    )
    owner_en = tables.Column(verbose_name=_("Owner"), empty_values=(), attrs=_cell(_("Owner")))
    borrower_en = tables.Column(
        verbose_name=_("Borrower"), empty_values=(), attrs=_cell(_("Borrower"))
    )
    used_from = tables.Column(verbose_name=_("Used"), empty_values=(), attrs=_cell(_("Used")))
    answer_seconds = tables.Column(
        verbose_name=_("Answer"), empty_values=(), attrs=_cell(_("Answer"))
    )
    units = tables.Column(
        verbose_name=_("What it came to"), orderable=False, attrs=_cell(_("What it came to"))
    )
    outcome = tables.Column(verbose_name=_("Outcome"), attrs=_cell(_("Outcome")))
    ended_at = tables.Column(verbose_name=_("Ended"), attrs=_cell(_("Ended")))

    class Meta:
        model = UsageFact
        fields = ()
        sequence = (
            "resource_en", "owner_en", "borrower_en", "answer_seconds", "used_from", "units",
            "outcome", "ended_at",
        )  # fmt: skip
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Requests that have ended")}

    def render_resource_en(self, record):
        kind = kinds[record.kind].label if record.kind in kinds else record.kind
        return format_html(
            '<span><span class="title">{}</span><br><span class="meta">{} · {}</span></span>',
            record.what, kind, record.reference,
        )  # fmt: skip

    def render_owner_en(self, record):
        return record.owner

    def render_borrower_en(self, record):
        return record.borrower

    def render_used_from(self, record):
        if record.used_from is None:
            return "–"
        if record.starts_at is None:
            return describe_moment(record.used_from)
        return describe_period(record.used_from, record.used_until)

    def render_answer_seconds(self, record):
        """How long it was waited for, and whether that was too long."""
        if record.decided_at is None:
            return "–"
        waited = hours_words((record.decided_at - record.submitted_at).total_seconds())
        if record.decided_at <= record.answer_due_at:
            return waited
        return format_html("{} {}", waited, badge("warn", pgettext("an answer", "late")))

    def render_units(self, record):
        """Hours of all its units, or packs and their worth."""
        if record.accepted is not None:
            return _goods(record)
        if record.used_until is None or record.starts_at is None:
            return "–"
        hours = hours_words((record.used_until - record.used_from).total_seconds() * record.units)
        if not is_late(record):
            return hours
        return format_html("{} {}", hours, badge("warn", _now("returned late")))

    def render_outcome(self, record):
        not_met = record.outcome in Outcome.NOT_MET
        tone = "bad" if not_met else TONES.get(record.outcome, "neutral")
        return badge(tone, record.get_outcome_display())

    def render_ended_at(self, value):
        return describe_moment(value, year=True)


def hours_words(seconds: float) -> str:
    return pgettext("length", "%(hours)s h") % {"hours": number_words(seconds / 3600, 1)}


def is_late(record) -> bool:
    """As the days count it (``rollups.shares``)."""
    over = (record.used_until - record.ends_at).total_seconds()
    return record.state == State.CLOSED and over > TOLERANCE


def _goods(record) -> str:
    packs = _now("%(number)s packs") % {"number": number_words(record.accepted)}
    if record.unit_value is None:
        return packs
    worth = value_words(record.accepted * record.unit_value, Unit.MONEY, record.currency)
    if not record.rescued:
        return f"{packs}, {worth}"
    near = badge("ok", _now("close to its end of use"))
    return format_html("{}, {} {}", packs, worth, near)
