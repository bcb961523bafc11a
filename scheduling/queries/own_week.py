"""Our own week around a request: our units of that category, the rivals, and the outcome."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateTimeField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.local_times import describe_period, in_chinese
from resources.enums import BlockReason, ResourceStatus
from resources.limits import longest_blocked
from resources.models import BusyBlock, Resource
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.rules import RuleContext
from scheduling.timeline.axis import Axis, local_date, percent, week_axis
from scheduling.timeline.marks import Mark
from scheduling.timeline.svg import lane

MOST_UNITS = 5
LANE_HEIGHT = 32
LETTERS = "ABCDEFGH"
INSTITUTION, UNITS = Bind("institution", BigIntegerField()), Keys("units")
FIRST, LAST = Bind("first", DateTimeField()), Bind("last", DateTimeField())
BLOCK_BARS = {
    BlockReason.OWN_USE: "own-planned",
    BlockReason.MAINTENANCE: "clean",
    BlockReason.REPAIR: "repair",
}


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A row: its name, the letter of a competing request, and its drawing."""

    name: str
    svg: SafeString
    letter: str = ""
    outcome: bool = False


@dataclass(frozen=True, kw_only=True)
class OwnWeek:
    """``days`` are (x, name, number); ``free`` are (x of the middle, label of the day, units)."""

    title: str
    grid: SafeString
    days: list[tuple[str, str, str]]
    lanes: list[Lane]
    free: list[tuple[str, str, int]]


_BOOKINGS = Prepared(
    lambda: (
        SharingRequest.objects.owned_by(INSTITUTION)
        .holding_capacity()
        .filter(AnyOf("resource", UNITS), blocked_from__gt=Bind("since", DateTimeField()))
        .overlapping(FIRST, LAST)
        .select_related("borrower")
        .order_by("starts_at", "pk")
    )
)
_BLOCKS = Prepared(
    lambda: (
        BusyBlock.objects.owned_by(INSTITUTION)
        .filter(AnyOf("resource", UNITS))
        .overlapping(FIRST, LAST)
        .order_by("starts_at", "pk")
    )
)


class _Week:
    """What was loaded, and the axis on which all of it is drawn."""

    def __init__(self, sharing_request: SharingRequest, institution, tried=None):
        self.request, self.tried = sharing_request, tried
        self.axis = axis_for(sharing_request, tried)
        self.grid_id = f"week-{sharing_request.pk}"
        self.units = _units(sharing_request, institution)
        keys = [unit.pk for unit in self.units]
        span = {"first": self.axis.starts_at, "last": self.axis.ends_at}
        of_units = {"institution": institution.pk, "units": keys, **span}
        since = self.axis.starts_at - longest_blocked()
        found = _BOOKINGS.instances(**of_units, since=since)
        self.bookings = [row for row in found if row.pk != sharing_request.pk]
        self.blocks = _BLOCKS.instances(**of_units)

    def mark(self, css, starts_at, ends_at, label="", title="") -> Mark:
        period = describe_period(starts_at, ends_at, tz=self.axis.zone)
        comma = pgettext("clause", ", ")
        return Mark(css, starts_at, ends_at, label, f"{title or label}{comma}{period}")

    def draw(self, name: str, marks: list[Mark], **more) -> Lane:
        said = pgettext("periods", "; ").join(mark.title for mark in marks) or _("nothing booked")
        svg = lane(self.axis, marks, label=f"{name}: {said}", grid=self.grid_id, height=LANE_HEIGHT)
        return Lane(name=name, svg=svg, **more)

    def busy(self, resource_id: int) -> list[Mark]:
        marks = []
        for row in self.bookings:
            if row.resource_id == resource_id:
                marks += self.booking(row, "booked", row.borrower.name)
        for row in self.blocks:
            if row.resource_id == resource_id:
                css = BLOCK_BARS.get(row.reason, "own")
                label = row.note or row.get_reason_display()
                marks.append(self.mark(css, row.starts_at, row.ends_at, label))
        return marks

    def booking(self, row, css: str, label: str) -> list[Mark]:
        """The use between its buffers."""
        around = [
            self.mark("clean", row.blocked_from, row.starts_at, "", _("transport, set-up")),
            self.mark("clean", row.ends_at, row.blocked_until, "", _("cleaning, checks")),
        ]
        use = self.mark(css, row.starts_at, row.ends_at, label)
        return [use, *(mark for mark in around if mark.starts_at < mark.ends_at)]


def axis_for(sharing_request: SharingRequest, tried=None) -> Axis:
    """The calendar week of the start; more weeks when an end lies beyond, five at most.

    ``tried`` are times that the approver looks at: they are drawn too.
    """
    zone = ZoneInfo(zone_of(sharing_request))
    times = [sharing_request, tried] if tried else [sharing_request]
    axis = week_axis(local_date(min(one.starts_at for one in times), zone), zone)
    last = local_date(max(one.ends_at for one in times), zone)
    after = axis.after
    while last >= after and (after - axis.first).days < 35:
        after += timedelta(days=7)
    return Axis(axis.first, after, zone)


def own_week(
    sharing_request: SharingRequest,
    institution,
    *,
    rivals,
    context: RuleContext | None,
    outcome: list[tuple[str, datetime, datetime]],
    tried=None,
) -> OwnWeek:
    """All of it; ``outcome`` is what would be booked: (letter, from, until), at the times and on
    the unit of ``tried`` where that is given.  Three queries."""
    week = _Week(sharing_request, institution, tried)
    lanes = [week.draw(unit.code, week.busy(unit.pk)) for unit in week.units[:MOST_UNITS]]
    for letter, row in zip(LETTERS, [sharing_request, *rivals], strict=False):
        lanes.append(_asked_lane(week, letter, row))
    if outcome:
        lanes.append(_outcome_lane(week, outcome))
    ticks = week.axis.day_ticks()
    return OwnWeek(
        title=_title(week),
        grid=_grid(week, context),
        days=[
            (percent(tick.x), tick.name if len(ticks) < 8 else "", tick.number) for tick in ticks
        ],
        lanes=lanes,
        free=_free_counts(week, ticks) if week.units else [],
    )


def _units(sharing_request, institution) -> list[Resource]:
    """Our units of the category, the asked one first."""
    rows = (
        Resource.objects.owned_by(institution)
        .filter(category=sharing_request.resource.category_id, status__in=ResourceStatus.EDITABLE)
        .order_by("code", "pk")[:60]
    )
    asked = sharing_request.resource_id
    return sorted(rows, key=lambda unit: unit.pk != asked)


def _asked_lane(week: _Week, letter: str, row) -> Lane:
    ours = letter == "A"
    words = _("This request, %(hours)s h") if ours else _("%(hours)s h")
    name = row.borrower.name
    mark = week.mark(
        "a" if ours else "b",
        row.starts_at,
        row.ends_at,
        words % {"hours": f"{row.hours:g}"},
        f"{letter} {name}",
    )
    return week.draw(name, [mark], letter=letter)


def _outcome_lane(week: _Week, outcome) -> Lane:
    unit, clashes = week.request.resource_id, False
    if week.tried is not None:
        unit, clashes = week.tried.unit.pk, week.tried.clashes
    marks = week.busy(unit)
    for letter, starts_at, ends_at in outcome:
        css = "late" if clashes else "a" if letter == "A" else "b"
        hours = f"{(ends_at - starts_at).total_seconds() / 3600:g}"
        label = _("%(letter)s %(hours)s h") % {"letter": letter, "hours": hours}
        marks.append(week.mark(css, starts_at, ends_at, label))
        marks += _buffers(week, starts_at, ends_at)
    name = _("Not possible like this") if clashes else _("After this decision")
    return week.draw(name, marks, outcome=True)


def _buffers(week: _Week, starts_at: datetime, ends_at: datetime) -> list[Mark]:
    """Set-up before and cleaning after, as long as those of the request."""
    before = week.request.starts_at - week.request.blocked_from
    after = week.request.blocked_until - week.request.ends_at
    around = [
        week.mark("clean", ends_at, ends_at + after, "", _("cleaning, checks")),
        week.mark("clean", starts_at - before, starts_at, "", _("transport, set-up")),
    ]
    return [mark for mark in around if mark.starts_at < mark.ends_at]


def _grid(week: _Week, context: RuleContext | None) -> SafeString:
    """Lines at the days, and red ground where the asked time meets what is taken."""
    axis, request = week.axis, week.request
    clashes = []
    for conflict in context.conflicts if context else ():
        left, width = axis.span(
            max(conflict.starts_at, request.blocked_from),
            min(conflict.ends_at, request.blocked_until),
        )
        if width > 0:
            clashes.append((percent(left), percent(width)))
    red = format_html_join(
        "", '<rect class="clash" x="{}" width="{}" height="100%"></rect>', clashes
    )
    lines = format_html_join(
        "",
        '<line class="grid-day" x1="{0}" x2="{0}" y2="100%"></line>',
        ((percent(tick.x),) for tick in axis.day_ticks()),
    )
    return format_html(
        '<svg class="svg-defs" aria-hidden="true" focusable="false"><defs><g id="{}">{}{}</g>'
        "</defs></svg>",
        week.grid_id,
        red,
        lines,
    )


def _free_counts(week: _Week, ticks) -> list[tuple[str, str, int]]:
    """The fewest lendable units of each local day."""
    edges = [*(tick.at.astimezone(UTC) for tick in ticks), week.axis.ends_at]
    counts = []
    for tick, first, last in zip(ticks, edges[:-1], edges[1:], strict=True):
        middle = (week.axis.x(first) + week.axis.x(last)) / 2
        free = sum(_free_units(week, unit, first, last) for unit in week.units)
        counts.append((percent(middle), f"{tick.name} {tick.number}", free))
    return counts


def _free_units(week: _Week, unit: Resource, first: datetime, last: datetime) -> int:
    if any(
        row.resource_id == unit.pk and row.starts_at < last and row.ends_at > first
        for row in week.blocks
    ):
        return 0
    mine = [
        row
        for row in week.bookings
        if row.resource_id == unit.pk and row.blocked_from < last and row.blocked_until > first
    ]
    points = [first, *(row.blocked_from for row in mine if row.blocked_from > first)]
    peak = max(
        sum(row.units for row in mine if row.blocked_from <= point < row.blocked_until)
        for point in points
    )
    return max(0, unit.units - peak)


def _title(week: _Week) -> str:
    first, last = week.axis.first, week.axis.after - timedelta(days=1)
    return _("%(first)s – %(last)s, %(count)s of ours") % {
        "first": _short(first),
        "last": _short(last),
        "count": sum(unit.units for unit in week.units),
    }


def _short(day) -> str:
    return f"{day.month}月{day.day}日" if in_chinese() else f"{day.day} {day:%b}"
