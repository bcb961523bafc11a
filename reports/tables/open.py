"""What is open now as tables, for officials: no person and no purpose is in them."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.templatetags.times import due_clock
from medshare_portal.templatetags.ui import verdict
from reports.tables.demand import _cell
from resources.kinds import kinds
from scheduling.models import Need, SharingRequest
from scheduling.states import Priority, State
from scheduling.templatetags.workflow import extent, state_badge, used_zone


class OfInstitutions(tables.Table):
    """Base: ``now``; an institution leads to its figures."""

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def _house(self, institution):
        address = reverse("city:scorecard", args=[institution.pk])
        return format_html('<a href="{}">{}</a>', address, institution.name)


def _first(label) -> dict:
    return {"td": {"scope": "row", "data-label": label}}


class BookingsTable(OfInstitutions):
    reference = tables.Column(
        verbose_name=_("Request"), empty_values=(), attrs=_first(_("Request")), orderable=False
    )
    owner = tables.Column(verbose_name=_("Owner"), attrs=_cell(_("Owner")), orderable=False)
    borrower = tables.Column(
        verbose_name=_("Borrower"), attrs=_cell(_("Borrower")), orderable=False
    )
    state = tables.Column(verbose_name=_("State"), attrs=_cell(_("State")))
    starts_at = tables.Column(verbose_name=_("When"), empty_values=(), attrs=_cell(_("When")))
    due_at = tables.Column(
        verbose_name=_("Due"), empty_values=(), attrs=_cell(_("Due")), orderable=False
    )

    class Meta:
        model = SharingRequest
        fields = ()
        sequence = ("reference", "owner", "borrower", "state", "starts_at", "due_at")
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Open bookings")}

    def render_reference(self, record):
        return format_html(
            '<span><span class="title">{}</span><br><span class="meta">{} · {} · {}</span></span>',
            record.resource.category.name, kinds[record.kind].label, record.reference,
            record.get_priority_display(),
        )  # fmt: skip

    def render_owner(self, value):
        return self._house(value)

    def render_borrower(self, value):
        return self._house(value)

    def render_state(self, record):
        return state_badge(record)

    def render_starts_at(self, record):
        return extent(record, used_zone(record))

    def render_due_at(self, record):
        """By when an answer, or what is lent, is due."""
        due = record.due_at if record.state in State.PENDING else None
        if record.state == State.UNDERWAY:
            due = record.ends_at
        return due_clock(due, self.now) if due else "–"


class OpenNeedsTable(OfInstitutions):
    what = tables.Column(
        verbose_name=_("What"), empty_values=(), attrs=_first(_("What")), orderable=False
    )
    institution = tables.Column(
        verbose_name=_("Institution"), attrs=_cell(_("Institution")), orderable=False
    )
    priority = tables.Column(verbose_name=_("Urgency"), attrs=_cell(_("Urgency")))
    starts_at = tables.Column(
        verbose_name=_("For when"), empty_values=(), attrs=_cell(_("For when")), orderable=False
    )
    created_at = tables.Column(verbose_name=_("Posted"), attrs=_cell(_("Posted")))
    expires_at = tables.Column(verbose_name=_("Ends"), attrs=_cell(_("Ends")))

    class Meta:
        model = Need
        fields = ()
        sequence = ("what", "institution", "priority", "starts_at", "created_at", "expires_at")
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Open needs")}
        row_attrs = {"id": lambda record: f"need-{record.pk}"}

    def render_what(self, record):
        number = f" × {record.quantity}" if record.quantity > 1 else ""
        return format_html(
            '<span><span class="title">{}{}</span><br><span class="meta">{} · {}</span></span>',
            record.what, number, kinds[record.kind].label, record.reference,
        )  # fmt: skip

    def render_institution(self, value):
        return self._house(value)

    def render_priority(self, record):
        words = record.get_priority_display()
        return words if record.priority == Priority.ROUTINE else verdict("warn", words, "urgent")

    def render_starts_at(self, record):
        if record.starts_at:
            return describe_period(record.starts_at, record.ends_at)
        return _("by %(moment)s") % {"moment": describe_moment(record.needed_by)}

    def render_created_at(self, value):
        return describe_moment(value)

    def render_expires_at(self, value):
        return due_clock(value, self.now)
