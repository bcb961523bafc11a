"""Cards that the workflow adds to a resource's page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from resources.panels import Panel, register
from scheduling.queries import day
from scheduling.queries.home_zone import home_zone
from scheduling.timeline import svg
from scheduling.timeline.axis import local_date, week_axis
from scheduling.timeline.bookings import Reader, Story, marks_of
from scheduling.timeline.words import legend

WEEKS = 4
HEIGHT = 32
GRID = "panel-grid"


def coming_weeks(request, resource, now) -> dict | None:
    """Four weeks of one resource, a lane each; the weeks are those of the reader's clock."""
    institution = request.institution
    zone = home_zone(institution)
    first = local_date(now, zone)
    axes = [week_axis(first + timedelta(weeks=n), zone) for n in range(WEEKS)]
    prefix = reverse("scheduling:request-detail", args=[institution.slug, 0])
    reader = Reader(institution.pk, now, prefix.removesuffix("0/"))
    story = _story(institution, resource, axes[0].starts_at, axes[-1].ends_at)
    marks = marks_of(story, axes[0], reader)
    return {
        "head": svg.weekday_head(axes[0]),
        "grid": svg.grid(axes[0], GRID),
        "weeks": [_week(axis, story, marks, now) for axis in axes],
        "legend": legend(),
        "facts": [
            (mark.title, mark.url)
            for mark in sorted(marks, key=lambda mark: mark.starts_at)
            if mark.css != "clean" and mark.title and mark.ends_at > now
        ],
        "calendar_url": reverse("scheduling:calendar", args=[institution.slug])
        + f"?scope=all&q={resource.code}",
    }


def _story(institution, resource, starts_at, ends_at) -> Story:
    ids = [resource.pk]
    offered = day.offered_of(institution, ids, starts_at, ends_at)
    return Story(
        row=resource,
        bookings=day.bookings_seen(institution, ids, starts_at, ends_at),
        blocks=day.blocks_of(institution, ids, starts_at, ends_at),
        offered=[(first, last) for _resource, first, last in offered],
    )


def _week(axis, story: Story, marks, now) -> tuple:
    name = _("from %(day)s") % {"day": describe_date(axis.first, year=False)}
    drawn = svg.lane(
        axis, marks, washes=story.offered, label=name, now=now, grid=GRID, height=HEIGHT
    )
    return name, drawn


register(
    Panel(
        name="coming-weeks",
        template="scheduling/timeline/panel.html",
        context=coming_weeks,
        order=10,
    )
)
