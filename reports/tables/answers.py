"""Requests that were answered as a table, with how long it took: no person is in it."""

import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_duration, describe_moment
from medshare_portal.site_hours import Calendars
from medshare_portal.templatetags.ui import badge
from reports.filters_answers import ANSWERS, NO, YES, answer_of
from reports.queries.open_answers import due_of
from reports.tables.demand import _cell
from resources.kinds import kinds
from scheduling.models import SharingRequest

TONES = {YES: "ok", NO: "bad"}


class AnswersTable(tables.Table):
    reference = tables.Column(
        verbose_name=_("Request"),
        empty_values=(),
        attrs={"td": {"scope": "row", "data-label": _("Request")}},
        orderable=False,
    )
    owner = tables.Column(verbose_name=_("Owner"), attrs=_cell(_("Owner")), orderable=False)
    borrower = tables.Column(
        verbose_name=_("Borrower"), attrs=_cell(_("Borrower")), orderable=False
    )
    submitted_at = tables.Column(verbose_name=_("Sent"), attrs=_cell(_("Sent")))
    decided_at = tables.Column(verbose_name=_("Decided"), attrs=_cell(_("Decided")))
    waited = tables.Column(
        verbose_name=_("Waited"), empty_values=(), attrs=_cell(_("Waited")), orderable=False
    )
    in_time = tables.Column(
        verbose_name=_("In time"), empty_values=(), attrs=_cell(_("In time")), orderable=False
    )
    answer = tables.Column(
        verbose_name=_("Answer"), empty_values=(), attrs=_cell(_("Answer")), orderable=False
    )

    class Meta:
        model = SharingRequest
        fields = ()
        sequence = (
            "reference", "owner", "borrower", "submitted_at", "decided_at", "waited", "in_time",
            "answer",
        )  # fmt: skip
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Requests that were answered")}

    def render_reference(self, record):
        return format_html(
            '<span><span class="title">{}</span><br><span class="meta">{} · {} · {}</span></span>',
            record.resource.category.name, kinds[record.kind].label, record.reference,
            record.get_priority_display(),
        )  # fmt: skip

    def render_owner(self, value):
        return value.name

    def render_borrower(self, value):
        return value.name

    def render_submitted_at(self, value):
        return describe_moment(value, year=True)

    def render_decided_at(self, value):
        return describe_moment(value, year=True)

    def render_waited(self, record):
        return describe_duration(record.decided_at - record.submitted_at)

    def render_in_time(self, record):
        in_time = record.decided_at <= due_of(record, self._calendars)
        return badge("ok", _("In time")) if in_time else badge("bad", _("Late"))

    def render_answer(self, record):
        answer = answer_of(record.state)
        return badge(TONES.get(answer, "neutral"), ANSWERS[answer])

    @cached_property
    def _calendars(self) -> Calendars:
        """The hours of each site are read once for the page."""
        return Calendars(min(row.record.submitted_at for row in self.paginated_rows))
