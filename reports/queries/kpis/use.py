"""Use, idleness and readiness of equipment; the other kinds have figures of their own."""

from collections.abc import Iterator

from django.db.models import Avg, Count, F, Q, Sum

from reports.kpis import Unit, amount, uptime, utilisation
from reports.queries.figures import grouped
from reports.queries.kpis.ground import GIVEN, Ground, Made
from reports.queries.scores import scores
from resources.models import Equipment

EQUIPMENT = "equipment"
OF_SCORES = (
    "scheduled", "net", "idle_rate", "idle_conversion", "sharing_rate", "availability",
)  # fmt: skip


def figures(ground: Ground) -> Iterator[Made]:
    made = scores(ground.given(), ground.received(), currency=ground.currency)
    yield from (Made(code, made[code]) for code in OF_SCORES)
    hours = ground.given(EQUIPMENT).hours
    yield Made("idle_hours", amount(hours.idle, Unit.HOURS))
    yield Made("by_load", utilisation.by_load([(hours.load_used, 1)], hours.load_most))
    yield from _installed(ground)
    yield from _large(ground)
    yield from _ready(ground)


def _devices(ground: Ground):
    if not ground.shows(EQUIPMENT):
        return Equipment.objects.of_visible(ground.resources.none())
    return Equipment.objects.of_visible(ground.resources)


def _installed(ground: Ground) -> Iterator[Made]:
    """Against the hours that the devices that are there now should run."""
    found = _devices(ground).aggregate(
        units=Sum("resource__units"), hours=Sum(F("resource__units") * F("rated_hours_day"))
    )
    hours, days = ground.given(EQUIPMENT).hours, ground.period.days
    used = hours.used + hours.own_used
    expected = float(found["hours"] or 0) * days
    yield Made("gross", utilisation.gross(used, expected))
    rated = utilisation.RatedHours().of(days, found["units"] or 0)
    yield Made("rated", utilisation.rated(used, rated))


def _large(ground: Ground) -> Iterator[Made]:
    """Of classes of devices that all say how many examinations a day they can and how long one
    takes; how many there were is worked out from the hours of use."""
    known = Q(max_daily_capacity__isnull=False, avg_duration__gt=0)
    units = F("resource__units")
    rows = (
        _devices(ground)
        .order_by()
        .values_list("resource__institution", "resource__category__slug")
        .annotate(
            everything=Count("pk"),
            known=Count("pk", filter=known),
            exams=Sum(units * F("max_daily_capacity")),
            hours=Sum(units * F("rated_hours_day")),
            minutes=Avg("avg_duration"),
        )
        .filter(everything=F("known"))
    )
    classes = {row[:2]: row[4:] for row in rows}
    used = _used(ground, {category for _institution, category in classes})
    days = ground.period.days
    hours = sum(used.get(key, 0.0) for key in classes)
    exams = sum(used.get(key, 0.0) * 60 / float(row[2]) for key, row in classes.items())
    a_day = [sum(float(row[place]) for row in classes.values()) for place in (0, 1)]
    yield Made("by_time", utilisation.by_time(hours, 1, days, a_day[1]))
    yield Made("by_capacity", utilisation.by_capacity(exams, a_day[0], days))


def _used(ground: Ground, categories: set[str]) -> dict[tuple[int, str], float]:
    found = grouped(
        ground.rows, ground.period.first, ground.period.last, side=GIVEN, kind=EQUIPMENT,
        by=("institution_key", "category_code"), only=("used", "own_used"),
        category_code=categories,
    )  # fmt: skip
    return {key: sums.hours.used + sums.hours.own_used for key, sums in found}


def _ready(ground: Ground) -> Iterator[Made]:
    given = ground.given(EQUIPMENT)
    hours = given.hours
    up = max(hours.offered - hours.planned_down - hours.unplanned_down, 0)
    yield Made("mtbf", uptime.mean_time_between_failures(up, given.failures))
    yield Made("mttr", uptime.mean_time_to_repair(hours.repair, given.failures))
    planned = _devices(ground).filter(next_pm_due__isnull=False)
    found = planned.aggregate(due=Count("pk"), late=Count("pk", filter=_late(ground)))
    done = found["due"] - found["late"]
    yield Made("maintenance", uptime.maintenance_compliance(done, found["due"]))


def _late(ground: Ground) -> Q:
    return Q(next_pm_due__lt=ground.today)
