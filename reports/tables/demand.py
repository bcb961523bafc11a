"""Tables of the facts of demand: an institution's own, and the city's."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.templatetags.ui import badge, verdict
from reports.demand import Outcome, Source
from reports.models import DemandFact
from resources.kinds import kinds
from scheduling.states import CancelReason, DeclineReason, Priority

TONES = {Outcome.FILLED: "ok"}
# Where a reason says more than the outcome does.
REASONS = dict(CancelReason.choices) | dict(DeclineReason.choices)
PAGES = {Source.REQUEST: "scheduling:request-detail", Source.NEED: "scheduling:need-detail"}


def _cell(label, css: str = "") -> dict:
    found = {"td": {"data-label": label}}
    if css:
        found["td"]["class"] = css
        found["th"] = {"class": css}
    return found


class DemandTable(tables.Table):
    """``institution``: whose own list it is, so that rows lead to its own pages."""

    category_path = tables.Column(
        verbose_name=_("What"),
        empty_values=(),
        attrs={"td": {"scope": "row", "data-label": _("What")}},
    )
    starts_at = tables.Column(
        verbose_name=_("For when"), empty_values=(), attrs=_cell(_("For when"))
    )
    urgency = tables.Column(verbose_name=_("Urgency"), attrs=_cell(_("Urgency")))
    outcome = tables.Column(verbose_name=_("Outcome"), attrs=_cell(_("Outcome")))
    ended_at = tables.Column(verbose_name=_("Ended"), attrs=_cell(_("Ended")))

    class Meta:
        model = DemandFact
        fields = ()
        sequence = ("category_path", "starts_at", "urgency", "outcome", "ended_at")
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Demands that have ended")}

    def __init__(self, *args, institution=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.institution = institution

    def render_category_path(self, record):
        return self._what(record, kinds[record.kind].label)

    def _what(self, record, words):
        number = f" × {record.quantity.normalize():f}" if record.quantity != 1 else ""
        return format_html(
            '<span><span class="title">{}{}</span><br>'
            '<span class="meta prose">{} · {} {}</span></span>',
            record.what,
            number,
            words,
            record.get_source_display(),
            self._link(record),
        )

    def render_starts_at(self, record):
        if record.starts_at and record.ends_at:
            return describe_period(record.starts_at, record.ends_at)
        if record.needed_by:
            return _("by %(moment)s") % {"moment": describe_moment(record.needed_by)}
        return "–"

    def render_urgency(self, record):
        if record.urgency == Priority.ROUTINE:
            return record.get_urgency_display()
        return verdict("warn", record.get_urgency_display(), "urgent")

    def render_outcome(self, record):
        tone = "bad" if record.is_not_met else TONES.get(record.outcome, "neutral")
        found = badge(tone, record.get_outcome_display())
        reason = REASONS.get(record.reason_code)
        if reason is None:
            return found
        return format_html('<span>{}<br><span class="meta">{}</span></span>', found, reason)

    def render_ended_at(self, value):
        return describe_moment(value)

    def _link(self, record):
        page = PAGES.get(record.source)
        if self.institution is None or page is None:
            return record.reference
        url = reverse(page, args=[self.institution.slug, record.source_key])
        return format_html('<a href="{}">{}</a>', url, record.reference)


class CityDemandTable(DemandTable):
    """Everybody's: who wanted it stands with what was wanted."""

    class Meta(DemandTable.Meta):
        """A table does not inherit it by itself."""

    def render_category_path(self, record):
        return self._what(record, f"{kinds[record.kind].label} · {record.institution}")
