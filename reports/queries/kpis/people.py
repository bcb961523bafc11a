"""Staff and information.  Each figure says on how many people it rests."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from reports.demand import Outcome, Source
from reports.kpis import Unit, information, ratio, staff
from reports.models import DemandFact
from reports.queries.kpis.ground import GIVEN, Ground, Made
from reports.queries.looks import fewest
from reports.queries.privacy import moments_of
from reports.queries.scores import bookings
from reports.queries.secret_people import people_of
from resources.models import Credential
from scheduling.models import AccessGrant

STAFF, INFORMATION = "staff", "information"
DAY = timedelta(days=1)
LOOKED_AT = 500  # so many facts tell whether there are five people behind them


def figures(ground: Ground) -> Iterator[Made]:
    yield from _staff(ground)
    yield from _credentials(ground)
    yield from _information(ground)


def _staff(ground: Ground) -> Iterator[Made]:
    given, people = ground.given(STAFF), _people(ground)
    agreed = bookings(given)
    hours = staff.hours_shared([given.hours.confirmed])
    yield Made("staff_hours", hours, people=people)
    yield Made("notice", ratio(given.hours.notice, agreed, Unit.HOURS), people=people)
    yield Made("overrides", staff.rule_overrides(given.excepted, agreed), people=people)
    received = ground.received(STAFF)
    filled, asked = _needs(ground)
    yield Made("shift_fill", staff.shift_fill(received.filled + filled, received.due + asked))


def _people(ground: Ground) -> int:
    """Whose shifts were closed, as on the page of staff; hours that nobody is known of are one
    person's."""
    found = people_of(ground.period).items()
    mine = (
        people
        for (institution, side), people in found
        if side == GIVEN and (ground.of_city or institution == ground.institution.pk)
    )
    hours = ground.given(STAFF).hours
    return len(set().union(*mine)) or int(hours.confirmed > 0 or hours.used > 0)


def _ended(ground: Ground, kind: str):
    first, last = _moments(ground)
    rows = ground.facts().filter(kind=kind, ended_at__gte=first, ended_at__lt=last)
    # The index of an institution's facts is by their last day.
    return rows.filter(last_day__gte=ground.period.first, first_day__lte=ground.period.last)


def _moments(ground: Ground) -> tuple[datetime, datetime]:
    """A day wider: by whatever clock."""
    first = datetime.combine(ground.period.first - DAY, time(), UTC)
    return first, datetime.combine(ground.period.last + 2 * DAY, time(), UTC)


def _needs(ground: Ground) -> tuple[int, int]:
    """Shifts that were posted or waited for and became no request: (filled, due)."""
    if not ground.shows(STAFF):
        return 0, 0
    rows = DemandFact.objects
    rows = rows.in_city_view() if ground.of_city else rows.owned_by(ground.institution)
    zone = timezone.get_default_timezone()  # a demand of no one site: the city's clock
    first, after = ground.period.first, ground.period.last + DAY
    rows = rows.counted_once().filter(
        kind=STAFF, source__in=[Source.NEED, Source.WAITLIST],
        ended_at__gte=datetime.combine(first, time(), zone),
        ended_at__lt=datetime.combine(after, time(), zone),
    )  # fmt: skip
    found = rows.aggregate(
        filled=Count("pk", filter=Q(outcome=Outcome.FILLED)),
        due=Count("pk", filter=~Q(outcome=Outcome.WITHDRAWN)),
    )
    return found["filled"], found["due"]


def _credentials(ground: Ground) -> Iterator[Made]:
    """Of the people that are offered, as they are now."""
    people = ground.resources.filter(kind=STAFF)
    rows = Credential.objects.of_visible(people)
    in_date = Q(valid_until__isnull=True) | Q(valid_until__gte=ground.today)
    found = rows.aggregate(
        all=Count("pk"), valid=Count("pk", filter=in_date), people=Count("resource", distinct=True)
    )
    measure = staff.credentials_in_date(found["valid"], found["all"])
    yield Made("credentials", measure, people=found["people"])


def _information(ground: Ground) -> Iterator[Made]:
    given, received = ground.given(INFORMATION), ground.received(INFORMATION)
    people = _readers(ground)
    decided = given.grants_approved + given.grants_denied
    tried = given.looks + given.looks_refused
    price = ground.assumed["examination"]
    lookers = fewest(ground.institution, moments_of(ground.period))
    reviewed = information.break_glass_reviewed(given.reviewed_in_time, given.reviews_due)
    for code, measure in (
        ("grants_approved", information.approved(given.grants_approved, decided)),
        ("grants_denied", information.denied(given.grants_denied, decided)),
        ("grants_expired", information.expired(given.grants_expired, given.grants_ended)),
        ("looks", information.looks_per_grant(given.looks_granted, given.grants_ended)),
        ("looks_refused", information.looks_refused(given.looks_refused, tried)),
        ("break_glass", information.break_glass(given.looks_emergency, given.looks)),
        ("break_glass_reviewed", reviewed),
    ):
        yield Made(code, measure, people=lookers.get(code, people))
    recognised, could = received.recognised, received.recognisable
    yield Made("recognition", information.recognition(recognised, could), people=could)
    yield Made(
        "repeats_avoided",
        information.repeat_tests_avoided(recognised, price),
        people=recognised,  # one result is one patient's
    )


def _readers(ground: Ground) -> int:
    """Whom access was asked for."""
    keys = list(
        _ended(ground, INFORMATION)
        .order_by("-ended_at", "-pk")
        .values_list("request_key", flat=True)[:LOOKED_AT]
    )
    grants = AccessGrant.objects.everywhere(reason="how many people, not who they are")
    return grants.filter(pk__in=keys).aggregate(n=Count("person", distinct=True))["n"]
