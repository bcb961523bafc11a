"""The calendar: many resources on one axis, a day, a week or a month; and the same as a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_duration
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.search import search
from scheduling.addresses import beginning
from scheduling.forms.calendar import VIEWS, CalendarForm, OneResource
from scheduling.queries import calendar_rows, day
from scheduling.queries.calendar_rows import Row
from scheduling.queries.home_zone import home_zone
from scheduling.queries.one_resource import happening_on
from scheduling.timeline import board, svg
from scheduling.timeline.axis import Axis, day_axis, local_date, month_axis, week_axis
from scheduling.timeline.bookings import Reader, Story
from scheduling.timeline.clock import Clock
from scheduling.timeline.words import axis_title
from scheduling.views.calendar_frame import drawing, heading

PER_PAGE = 50
AXES = {"day": day_axis, "week": week_axis, "month": month_axis, "table": week_axis}
HOURS = {"day": 2, "week": 6, "table": 6, "month": 0}


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and whether there are others."""

    rows: list[Row]
    number: int = 1
    more: bool = False
    count: int | None = None  # None: not counted


class Calendar(Page):
    permission = Permission.VIEW
    template_name = "scheduling/calendar/page.html"

    def get(self, request, *args, **kwargs):
        status = 400 if self.form.errors else 200
        return self.render_to_response(self.get_context_data(), status=status)

    @cached_property
    def form(self) -> CalendarForm | OneResource:
        query = self.request.GET
        return OneResource.asked(query) or CalendarForm(query)

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone(self.institution)

    @cached_property
    def axis(self) -> Axis:
        chosen = self.form.value("date") or local_date(self.now, self.zone)
        return AXES[self.form.value("view")](chosen, self.zone)

    @cached_property
    def reader(self) -> Reader:
        prefix = beginning("scheduling:request-detail", self.institution.slug)
        return Reader(self.institution.pk, self.now, prefix, Clock(self.zone))

    @cached_property
    def resource(self) -> Row | None:
        """The one resource that is asked for; what the institution may not see is not found."""
        asked = self.form.value("resource")
        row = calendar_rows.visible_row(self.institution, asked) if asked else None
        if asked and row is None:
            raise Http404
        return row

    @cached_property
    def late(self) -> list[day.Booking]:
        return day.late_returns(self.institution, self.now)

    def get_context_data(self, **kwargs):
        part = self._slice()
        stories = self._stories(part)
        prefix = beginning("resources:resource-detail", self.institution.slug)
        rows = board.draw(stories, self.axis, self.reader, prefix)
        view, title = self.form.value("view"), axis_title(self.axis)
        return super().get_context_data(
            **kwargs,
            **self._pages(part),
            **self._drawn(rows, view, title[0]),
            form=self.form,
            view=view,
            period=title[0],
            heading=heading(self.institution.slug, view, title, self._ways()),
            this_date=self.request.GET.get("date", ""),
            whole_url=self._address(resource=None),
            part=part,
            resource=self.resource,
            news=None if self.resource else self._news(),
            measure=self._measure(stories, part),
        )

    def _drawn(self, rows: list[board.DrawnRow], view: str, period: str) -> dict:
        if view == "table":
            return {"table": board.table_rows(rows)}
        hours = HOURS[view]
        lanes = drawing(
            period=period,
            axis_head=svg.head(self.axis, now=self.now, hours=hours),
            grid=svg.grid(self.axis, board.GRID, hours, now=self.now),
            lines=board.lines(rows),
        )
        return {"lanes": lanes, "days": board.day_list(rows, self.axis, self.reader)}

    def _ways(self) -> dict[str, str]:
        """Addresses of the axis before and after this one, of today's, and of each view."""
        before, after = self.axis.first - timedelta(days=1), self.axis.after
        return {
            "previous_url": self._address(date=before),
            "next_url": self._address(date=after),
            "today_url": self._address(date=None),
        } | {f"{name}_url": self._address(view=name) for name, _label in VIEWS}

    @cached_property
    def _asked(self) -> dict[str, str]:
        names = ("view", "scope", "category", "q", "date", "resource")
        return {name: _pair(name, self.request.GET.get(name, "")) for name in names}

    def _address(self, **changes) -> str:
        """This page with other values; the page number starts anew unless it is named."""
        pairs = self._asked | {name: _pair(name, _text(value)) for name, value in changes.items()}
        return "?" + "&".join(filter(None, pairs.values()))

    def _pages(self, part: Slice) -> dict:
        before, after = part.number > 1, part.more
        return {
            "page_before": self._address(page=part.number - 1) if before else "",
            "page_after": self._address(page=part.number + 1) if after else "",
        }

    def _slice(self) -> Slice:
        if self.resource:
            return Slice([self.resource], count=1)
        scope, number = self.form.value("scope"), self.form.value("page")
        if scope == "all":
            return self._slice_of_all(number)
        rows = [] if scope == "borrowed" else self._own()
        rows += [] if scope == "ours" else self._borrowed()
        rows.sort(key=lambda row: (row.path, row.name_en, row.code, row.pk))
        number = min(number, max(1, -(-len(rows) // PER_PAGE)))
        first = PER_PAGE * (number - 1)
        more = first + PER_PAGE < len(rows)
        return Slice(rows[first : first + PER_PAGE], number, more, len(rows))

    def _slice_of_all(self, number: int) -> Slice:
        rows = calendar_rows.visible_rows(
            self.institution, self._narrow(), first=PER_PAGE * (number - 1), count=PER_PAGE + 1
        )
        return Slice(rows[:PER_PAGE], number, len(rows) > PER_PAGE)

    def _own(self) -> list[Row]:
        return calendar_rows.own_rows(self.institution, self._narrow())

    def _narrow(self):
        """What a category and words leave of a queryset; None where nothing is asked."""
        category, text = self.form.value("category"), self.form.value("q")
        if not category and not text:
            return None

        def narrow(queryset):
            if category:
                queryset = queryset.filter(category__path__startswith=category.path)
            return search(queryset, text, institution=self.institution) if text else queryset

        return narrow

    def _borrowed(self) -> list[Row]:
        axis = self.axis
        not_back = [booking.pk for booking in self.late if booking.blocked_until <= axis.starts_at]
        rows = calendar_rows.borrowed_rows(
            self.institution, axis.starts_at, axis.ends_at, not_back=not_back
        )
        category, text = self.form.value("category"), (self.form.value("q") or "").casefold()
        return [
            row
            for row in rows
            if (not category or row.path.startswith(category.path))
            and text in f"{row.name_en} {row.name_zh} {row.code}".casefold()
        ]

    def _stories(self, part: Slice) -> list[Story]:
        span = (self.axis.starts_at, self.axis.ends_at)
        if self.resource:
            found = happening_on(self.resource, self.institution, *span, now=self.now)
            return [Story(self.resource, *found)]
        of_page = (self.institution, [row.pk for row in part.rows], *span)
        bookings = {
            booking.pk: booking for booking in self.late + day.bookings_of(*of_page, self.now)
        }
        everybody = self.form.value("scope") == "all"
        return board.stories_of(
            part.rows,
            [*bookings.values(), *(day.taken_by_others(*of_page, self.now) if everybody else ())],
            day.blocks_of(*of_page),
            day.offered_of(*of_page),
        )

    def _news(self) -> dict:
        """What cannot wait, over all pages: late returns, and requests that wait for us."""
        return {
            "late": self._late_words(self.late),
            "late_url": self.reader.url(self.late[0].pk) if self.late else "",
            "waiting": _waiting_words(day.number_waiting(self.institution)),
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


def _pair(name: str, value: str) -> str:
    return urlencode({name: value}) if value else ""


def _text(value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
