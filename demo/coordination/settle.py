"""Statements of the last months: the older ones closed, the last one in review and disputed.

Made by the portal's own actions: their lines are those of the city's closed shares.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from demo.world import World
from medshare_portal.models import Institution, Notification, User
from medshare_portal.roles import Role
from reports.models import StatementLine
from reports.settlement.actions import closing, disputes, drafting
from reports.settlement.months import beginning, following, months_over, preceding

# A large city is drafted for as many months as the job would look back, a very large one less.
MONTHS = {"small": 4, "city": 3}
LAST_DRAFTED = timedelta(days=3)  # ago: the review still runs whatever the day of the month
MOST_LINES = 9
NIGHT_RUN = timedelta(hours=6)
STORIES = timedelta(hours=9)  # how long the disputes of the month in review take
REASONS = (
    (
        "It was back in the morning, not in the evening.",
        "上午已归还，而非晚上。",
    ),
    ("The agreed rate was lower.", "当时约定的单价更低。"),
    ("Half of the time it stood out of order.", "其中一半时间设备故障停用。"),
)
ANSWERS = (
    ("Right, the log says so too.", "核对记录属实。"),
    ("The handover record says otherwise.", "交接记录与此不符。"),
)


def make_settlement(world: World) -> None:
    zone = timezone.get_default_timezone()
    # A month that is just over is left to the nightly run: nothing happened in the future.
    told = world.moment - NIGHT_RUN - STORIES
    months = months_over(told, MONTHS.get(world.scale.name, 1), zone)
    for month in months[:-1]:
        drafted = beginning(following(month), zone) + NIGHT_RUN
        drafting.draft_month(month=month, since=month, now=drafted)
        _settled(world, month, drafted + timedelta(days=2))
        closing.close_due(now=drafted + timedelta(days=12))
    last = months[-1]
    drafted = max(beginning(following(last), zone) + NIGHT_RUN, world.moment - LAST_DRAFTED)
    drafting.draft_month(month=last, since=last, now=drafted)
    _disputed(world, last, drafted)
    _late(world, preceding(last), world.moment - timedelta(hours=20))
    past = Notification.unscoped.filter(event="statements.closed")
    past.update(read_at=world.moment)


def _settled(world: World, month: date, at: datetime) -> None:
    """A dispute of an older month that both sides settled in its review."""
    line = next(_lines(world, month, pays="dongbei"), None)
    if line is not None:
        _answer(world, _dispute(world, line, 0, at), agree=True, at=at + timedelta(hours=5))


def _disputed(world: World, month: date, at: datetime) -> None:
    """In review: one waits for renhe's answer, one for another's, one for the city; one agreed,
    one refused."""
    hour = timedelta(hours=1)
    ours, theirs = _lines(world, month, paid="renhe"), _lines(world, month, pays="renhe")
    for line in _first(ours, 1):
        _dispute(world, line, 0, at + hour)
    for line in _first(ours, 1):
        _answer(world, _dispute(world, line, 1, at + hour), agree=True, at=at + 4 * hour)
    for line in _first(theirs, 1):
        _dispute(world, line, 2, at + 2 * hour)
    for line in _first(theirs, 1):
        _answer(world, _dispute(world, line, 1, at + hour), agree=False, at=at + 6 * hour)
    for line in _first(theirs, 1):
        row = _dispute(world, line, 0, at + hour)
        _answer(world, row, agree=False, at=at + 7 * hour)
        disputes.ask_city(
            dispute=row, institution=line.debtor, by=_settler(world, line.debtor),
            now=at + 8 * hour,
        )  # fmt: skip


def _late(world: World, month: date, at: datetime) -> None:
    """Of a closed month: agreed late, so that the adjustment stands on the month in review."""
    for line in _first(_lines(world, month, pays="renhe"), 1):
        row = _dispute(world, line, 1, at)
        _answer(world, row, agree=True, at=at + timedelta(hours=3))


def _first(lines, number: int) -> list[StatementLine]:
    return [line for _turn, line in zip(range(number), lines, strict=False)]


def _lines(world: World, month: date, *, paid: str = "", pays: str = ""):
    """Lines of some hours' worth of that institution, in the order of their shares."""
    rows = StatementLine.unscoped.filter(statement__month=month, price__gt=0, quantity__gte=4)
    if paid:
        rows = rows.filter(creditor__slug=paid)
    if pays:
        rows = rows.filter(debtor__slug=pays)
    rows = rows.select_related("creditor", "debtor", "statement").order_by("sharing_request")
    return iter(list(rows[:MOST_LINES]))


def _settler(world: World, institution: Institution) -> User:
    return world.place(institution.slug).people[Role.COORDINATOR][0]


def _words(world: World, institution: Institution, texts: tuple[str, str]) -> str:
    return texts[world.place(institution.slug).speaks_chinese]


def _dispute(world: World, line: StatementLine, reason: int, at: datetime):
    """Half of the quantity, or four fifths of the price."""
    cheaper = reason == 1
    claim = disputes.Claim(
        quantity=line.quantity if cheaper else (line.quantity / 2).quantize(Decimal("0.1")),
        price=(line.price * Decimal("0.8")).quantize(Decimal("0.01")) if cheaper else line.price,
        reason=_words(world, line.debtor, REASONS[reason]),
    )
    return disputes.dispute(
        line=line, claim=claim, institution=line.debtor, by=_settler(world, line.debtor), now=at
    )


def _answer(world: World, row, *, agree: bool, at: datetime) -> None:
    creditor = row.line.creditor
    disputes.answer(
        dispute=row, agree=agree, text=_words(world, creditor, ANSWERS[0 if agree else 1]),
        institution=creditor, by=_settler(world, creditor), now=at,
    )  # fmt: skip
