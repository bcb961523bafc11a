"""Tables of what we lend and what we borrow."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from medshare_portal.local_times import describe_hours
from medshare_portal.templatetags.ui import verdict
from scheduling.extent import extent, is_overdue
from scheduling.models import SharingRequest
from scheduling.queries.outages import is_out_of_order
from scheduling.states import State
from scheduling.templatetags.workflow import crisis_mark, state_badge, state_words
from scheduling.workflow import RUNNING

NOT_BACK = _("At risk: the device is not back yet")
DOWN = _("The device is out of order")
# What can be done with a device → the page below the request's, the button.
STEPS = {
    "hand_over": ("handover", pgettext_lazy("button", "Hand over")),
    "return": ("return", pgettext_lazy("button", "Give back")),
    "receipt": ("receipt", pgettext_lazy("button", "Confirm receipt")),
}


def _cell(label, place: str) -> dict:
    """``place`` is where it stands on a phone: ``line-…``, or nowhere."""
    return {"td": {"data-label": label, "class": place}}


class RequestTable(tables.Table):
    """``address`` is what the rows link to: no ``reverse`` per row; ``now`` tells the overdue.

    ``other`` is the other side, whose column a phone has no room for.
    """

    other = ""

    resource = tables.Column(
        verbose_name=_("Request"),
        order_by="resource__code",
        attrs={"td": {"scope": "row", "data-label": _("Request"), "class": "line-who"}},
    )
    starts_at = tables.Column(verbose_name=_("When"), attrs=_cell(_("When"), "line-when"))
    length = tables.Column(
        verbose_name=_("Length"),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "num wide-only", "data-label": _("Length")}, "th": {"class": "num"}},
    )
    state = tables.Column(verbose_name=_("State"), attrs=_cell(_("State"), "line-sum"))
    step = tables.Column(
        verbose_name="",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "side line-state"}},
    )

    class Meta:
        model = SharingRequest
        fields = ()
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone two-lines"}

    def __init__(self, *args, address: str = "", now=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.address, self.now = address, now
        self.at_risk: set[int] = set()  # keys of rows whose device is not back yet
        self.unread: dict[int, int] = {}  # key → messages that this person has not read
        self.to_move: dict[int, str] = {}  # key → what we can do with the device now

    def render_resource(self, record):
        return format_html(
            '<a class="title" href="{}{}/">{} · {}</a><br><span class="meta">{} · {}'
            '<span class="phone-only"> · {}</span></span>{} {}',
            self.address,
            record.pk,
            record.resource.name,
            record.resource.code,
            record.reference,
            record.get_priority_display(),
            getattr(record, self.other).name,
            self._unread_mark(record),
            crisis_mark(record),
        )

    def _unread_mark(self, record):
        unread = self.unread.get(record.pk)
        if not unread:
            return ""
        words = ngettext("%(n)s unread", "%(n)s unread", unread) % {"n": unread}
        return format_html(" {}", verdict("info", words, "message"))

    def value_resource(self, record):
        return f"{record.reference} {record.resource.code} {record.resource.name}"

    def render_starts_at(self, record):
        return extent(record)

    def render_length(self, record):
        return describe_hours(record.ends_at - record.starts_at) if record.ends_at else ""

    def render_state(self, record):
        badge = state_badge(record)
        if record.state in RUNNING and is_out_of_order(record.resource):
            badge = format_html("{} {}", badge, verdict("bad", str(DOWN), "warn"))
        if record.state == State.UNDERWAY and self.now and is_overdue(record, self.now):
            return format_html("{} {}", badge, verdict("bad", str(_("Overdue")), "warn"))
        if record.pk in self.at_risk:
            return format_html("{} {}", badge, verdict("bad", str(NOT_BACK), "warn"))
        return badge

    def render_step(self, record):
        step = self.to_move.get(record.pk)
        if step is None:
            return ""
        page, label = STEPS[step]
        return format_html(
            '<a class="btn btn-sm btn-quiet" href="{}{}/{}/">{}'
            '<span class="visually-hidden"> {}</span></a>',
            self.address,
            record.pk,
            page,
            label,
            record.resource.code,
        )

    def value_state(self, record):
        return str(state_words(record))


class LendingTable(RequestTable):
    other = "borrower"
    borrower = tables.Column(
        verbose_name=_("Borrower"),
        order_by="borrower__name_en",
        attrs=_cell(_("Borrower"), "wide-only"),
    )

    def render_borrower(self, record):
        return record.borrower.name

    class Meta(RequestTable.Meta):
        sequence = ("resource", "borrower", "starts_at", "length", "state", "step")
        attrs = RequestTable.Meta.attrs | {"caption": _("What we lend")}


class BorrowingTable(RequestTable):
    other = "owner"
    owner = tables.Column(
        verbose_name=_("Owner"), order_by="owner__name_en", attrs=_cell(_("Owner"), "wide-only")
    )

    def render_owner(self, record):
        return record.owner.name

    class Meta(RequestTable.Meta):
        sequence = ("resource", "owner", "starts_at", "length", "state", "step")
        attrs = RequestTable.Meta.attrs | {"caption": _("What we borrow")}
