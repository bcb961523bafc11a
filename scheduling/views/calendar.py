"""The calendar: many resources on one axis, a day, a week or a month; and the same as a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_duration
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.search import search
from scheduling.forms.calendar import SCOPES, VIEWS, CalendarForm
from scheduling.queries import day
from scheduling.queries.home_zone import home_zone
from scheduling.states import State
from scheduling.timeline import board, svg
from scheduling.timeline.axis import Axis, day_axis, local_date, month_axis, week_axis
from scheduling.timeline.bookings import Reader, is_late
from scheduling.timeline.words import axis_title, legend

PER_PAGE = 50
AXES = {"day": day_axis, "week": week_axis, "month": month_axis, "table": week_axis}
HOURS = {"day": 2, "week": 6, "table": 6, "month": 0}


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and whether there are others."""

    rows: list
    bookings: list
    number: int
    more: bool
    count: int | None  # None: not counted


class Calendar(Page):
    permission = Permission.VIEW
    template_name = "scheduling/calendar/page.html"
    kind = "equipment"

    def get(self, request, *args, **kwargs):
        status = 200 if self.form.is_valid() else 400
        return self.render_to_response(self.get_context_data(), status=status)

    @cached_property
    def form(self) -> CalendarForm:
        return CalendarForm(self.request.GET, kind=self.kind)

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone(self.institution)

    @cached_property
    def axis(self) -> Axis:
        chosen = self.form.value("date") or local_date(self.now, self.zone)
        return AXES[self.form.value("view")](chosen, self.zone)

    @cached_property
    def reader(self) -> Reader:
        prefix = reverse("scheduling:request-detail", args=[self.institution.slug, 0])
        return Reader(self.institution.pk, self.now, prefix.removesuffix("0/"))

    def get_context_data(self, **kwargs):
        part = self._slice()
        stories = self._stories(part)
        prefix = reverse("resources:resource-detail", args=[self.institution.slug, 0])
        groups = board.draw(stories, self.axis, self.reader, prefix.removesuffix("0/"))
        view = self.form.value("view")
        return super().get_context_data(
            **kwargs,
            **self._frame(view),
            **self._pages(part),
            groups=groups,
            part=part,
            table=board.table_rows(groups),
            days=board.day_list(groups, self.axis) if view != "table" else [],
            news=self._news(),
            measure=self._measure(stories, part),
        )

    def _frame(self, view: str) -> dict:
        hours = HOURS[view]
        return {
            "form": self.form,
            "view": view,
            "title": axis_title(self.axis),
            "views": [
                (name, label, self._address(view=name), name == view) for name, label in VIEWS
            ],
            "scopes": SCOPES,
            "axis_head": svg.head(self.axis, now=self.now, hours=hours),
            "grid": svg.grid(self.axis, board.GRID, hours),
            "legend": legend(),
            **self._neighbours(view),
        }

    def _neighbours(self, view: str) -> dict:
        """Addresses of the axis before and after this one, and of today's."""
        before, after = self.axis.first - timedelta(days=1), self.axis.after
        return {
            "previous_url": self._address(date=before),
            "next_url": self._address(date=after),
            "today_url": self._address(date=None),
            "this_date": self.request.GET.get("date", ""),
        }

    def _address(self, **changes) -> str:
        """This page with other values; the page number starts anew unless it is named."""
        names = ("view", "scope", "category", "q", "date")
        values = {name: self.request.GET.get(name, "") for name in names}
        values |= {name: _text(value) for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def _pages(self, part: Slice) -> dict:
        before, after = part.number > 1, part.more
        return {
            "page_before": self._address(page=part.number - 1) if before else "",
            "page_after": self._address(page=part.number + 1) if after else "",
        }

    def _slice(self) -> Slice:
        scope, number = self.form.value("scope"), self.form.value("page")
        if scope == "all":
            return self._slice_of_all(number)
        pairs = [] if scope == "ours" else self._borrowed()
        rows = [] if scope == "borrowed" else day.own_rows(self.institution, self._narrow)
        rows += list({row.pk: row for row, _booking in pairs}.values())
        rows.sort(key=lambda row: (row.path, row.name_en, row.code, row.pk))
        number = min(number, max(1, -(-len(rows) // PER_PAGE)))
        first = PER_PAGE * (number - 1)
        return Slice(
            rows[first : first + PER_PAGE],
            [booking for _row, booking in pairs],
            number,
            first + PER_PAGE < len(rows),
            len(rows),
        )

    def _slice_of_all(self, number: int) -> Slice:
        rows = day.visible_rows(
            self.institution, self._narrow, first=PER_PAGE * (number - 1), count=PER_PAGE + 1
        )
        return Slice(rows[:PER_PAGE], [], number, len(rows) > PER_PAGE, None)

    def _narrow(self, queryset):
        category, text = self.form.value("category"), self.form.value("q")
        if category:
            queryset = queryset.filter(category__path__startswith=category.path)
        return search(queryset, text, institution=self.institution) if text else queryset

    def _borrowed(self) -> list:
        pairs = day.borrowed(self.institution, self.axis.starts_at, self.axis.ends_at)
        category, text = self.form.value("category"), (self.form.value("q") or "").casefold()
        return [
            (row, booking)
            for row, booking in pairs
            if (not category or row.path.startswith(category.path))
            and text in f"{row.name_en} {row.name_zh} {row.code}".casefold()
        ]

    def _stories(self, part: Slice) -> list:
        ids = [row.pk for row in part.rows]
        span = (self.axis.starts_at, self.axis.ends_at)
        if self.form.value("scope") == "all":
            bookings = day.bookings_seen(self.institution, ids, *span)
        else:
            bookings = part.bookings + day.bookings_of(self.institution, ids, *span)
        return board.stories_of(
            part.rows,
            bookings,
            day.blocks_of(self.institution, ids, *span),
            day.offered_of(self.institution, ids, *span),
        )

    def _news(self) -> dict:
        """What cannot wait, over all pages: late returns, and requests that wait for us."""
        found = day.news_of(self.institution, self.now)
        late = [booking for booking in found if is_late(booking, self.now)]
        waiting = [booking for booking in found if booking.state == State.REQUESTED]
        return {
            "late": self._late_words(late),
            "late_url": self.reader.url(late[0].pk) if late else "",
            "waiting": _waiting_words(len(waiting)),
        }

    def _late_words(self, late: list) -> str:
        if not late:
            return ""
        words = ngettext("%(n)s overdue", "%(n)s overdue", len(late)) % {"n": len(late)}
        worst = late[0]
        return _("%(words)s: %(reference)s, %(time)s late") % {
            "words": words,
            "reference": worst.reference,
            "time": describe_duration(self.now - worst.ends_at),
        }

    def _measure(self, stories, part: Slice) -> str:
        number = len(part.rows) if part.count is None else part.count
        words = ngettext("%(n)s device", "%(n)s devices", number) % {"n": number}
        whole = part.number == 1 and not part.more
        share = board.booked_share(stories, self.axis, self.institution.pk) if whole else None
        if share is None:
            return words if whole or part.count else ""
        return _("%(words)s, %(percent)s%% of our offered hours booked") % {
            "words": words,
            "percent": share,
        }


def _waiting_words(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(n)s request waits for a decision", "%(n)s requests wait for a decision", number
    )
    return words % {"n": number}


def _text(value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
