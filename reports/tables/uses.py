"""The facts of use as a table: no person is in them."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.templatetags.ui import badge
from reports.demand import Outcome
from reports.models import UsageFact
from reports.tables.demand import TONES, _cell
from resources.kinds import kinds


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
    outcome = tables.Column(verbose_name=_("Outcome"), attrs=_cell(_("Outcome")))
    ended_at = tables.Column(verbose_name=_("Ended"), attrs=_cell(_("Ended")))

    class Meta:
        model = UsageFact
        fields = ()
        sequence = ("resource_en", "owner_en", "borrower_en", "used_from", "outcome", "ended_at")
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

    def render_outcome(self, record):
        not_met = record.outcome in Outcome.NOT_MET
        tone = "bad" if not_met else TONES.get(record.outcome, "neutral")
        return badge(tone, record.get_outcome_display())

    def render_ended_at(self, value):
        return describe_moment(value, year=True)
