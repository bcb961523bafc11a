"""Cards that the workflow adds to a resource's page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from medshare_portal.roles import rights_of
from resources.enums import ResourceStatus
from resources.kinds import kinds
from resources.panels import Panel, register
from scheduling.addresses import beginning
from scheduling.queries.home_zone import home_zone
from scheduling.queries.need_matching import needs_for
from scheduling.queries.one_resource import happening_on
from scheduling.timeline import svg
from scheduling.timeline.axis import local_date, week_axis
from scheduling.timeline.bookings import Reader, Story, marks_of
from scheduling.timeline.clock import Clock
from scheduling.views.needs import row_of

WEEKS = 4
HEIGHT = 32
GRID = "panel-grid"


def coming_weeks(request, resource, now) -> dict | None:
    """Four weeks of one resource, a lane each; the weeks are those of the reader's clock."""
    if not kinds[resource.kind].timed:
        return None
    institution = request.institution
    zone = home_zone(institution)
    first = local_date(now, zone)
    axes = [week_axis(first + timedelta(weeks=n), zone) for n in range(WEEKS)]
    prefix = beginning("scheduling:request-detail", institution.slug)
    reader = Reader(institution.pk, now, prefix, Clock(zone))
    span = (axes[0].starts_at, axes[-1].ends_at)
    story = Story(resource, *happening_on(resource, institution, *span, now=now))
    marks = marks_of(story, reader)
    return {
        "head": svg.weekday_head(axes[0]),
        "grid": svg.grid(axes[0], GRID, height=HEIGHT),
        "weeks": _weeks(axes, story, marks, now),
        "legend": svg.key(),
        "facts": [
            (mark.title, mark.url)
            for mark in sorted(marks, key=lambda mark: mark.starts_at)
            if mark.title and mark.ends_at > now
        ],
        "calendar_url": reverse("scheduling:calendar", args=[institution.slug])
        + f"?view=week&resource={resource.pk}",
    }


def _weeks(axes, story: Story, marks, now) -> list[tuple]:
    """(name, drawing) of each week; the present is a line in its own."""
    drawn = []
    for axis in axes:
        name = _("from %(day)s") % {"day": describe_date(axis.first, year=False)}
        lane = svg.lane(
            axis, marks, washes=story.offered, label=name, now=now, grid=GRID, height=HEIGHT
        )
        drawn.append((name, lane))
    return drawn


def others_need_it(request, resource, now) -> dict | None:
    """Of our own resource: who needs something like it."""
    ours = resource.institution_id == request.institution.pk
    if not ours or resource.status == ResourceStatus.RETIRED:
        return None
    needs = needs_for(resource)
    if not needs:
        return None
    zone = home_zone(request.institution)
    rights = rights_of(request.roles)
    return {"rows": [row_of(need, zone, resource, rights=rights) for need in needs]}


register(
    Panel(
        name="others-need-it",
        template="scheduling/needs/panel.html",
        context=others_need_it,
        order=5,
    )
)
register(
    Panel(
        name="coming-weeks",
        template="scheduling/timeline/panel.html",
        context=coming_weeks,
        order=10,
    )
)
