"""What would stand on the next statements: our closed shares that stand on none yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from reports.settlement.charging import line_of, without_line
from reports.settlement.months import beginning, month_of, preceding
from reports.settlement.queries.lines import LineRow
from reports.settlement.queries.statements import Netting
from scheduling.models import SharingRequest
from scheduling.states import State

NOT_CLOSED = (State.UNDERWAY, State.FINISHED)


@dataclass(frozen=True)
class Pair:
    """Everything with one other institution in one currency."""

    other: object
    netting: Netting


@dataclass(frozen=True)
class Running:
    """``rows``: the lines, the latest first; ``to_come``: shares that are underway or wait for the
    owner's last check."""

    month: date
    pairs: list[Pair]
    rows: list[LineRow]
    to_come: int


def running(institution, *, now: datetime) -> Running:
    """The month that runs, and what was closed before and has not been drafted."""
    zone = timezone.get_default_timezone()
    month = month_of(now, zone)
    concerning = SharingRequest.objects.concerning(institution)
    shares = without_line(concerning, beginning(preceding(month), zone), now)
    found = [_line(share, now) for share in shares.select_related("owner", "borrower")]
    lines = [line for line in found if line is not None]
    lines.sort(key=lambda line: (line.ends_at, line.sharing_request_id), reverse=True)
    return Running(
        month=month,
        pairs=_pairs(lines, institution),
        rows=[LineRow(line, line.currency, None) for line in lines],
        to_come=concerning.filter(state__in=NOT_CLOSED).count(),
    )


def _line(share: SharingRequest, now: datetime):
    line = line_of(share, now)
    if line is not None:
        line.creditor, line.debtor = share.owner, share.borrower
    return line


def _pairs(lines, institution) -> list[Pair]:
    """The largest balance first, whoever pays."""
    sums, names = defaultdict(lambda: [0, 0]), {}
    for line in lines:
        ours = line.creditor_id == institution.pk
        other = line.debtor if ours else line.creditor
        names[other.pk] = other
        sums[other.pk, line.currency][0 if ours else 1] += line.amount
    pairs = [
        Pair(names[key], Netting(to_us, by_us, currency))
        for (key, currency), (to_us, by_us) in sums.items()
    ]
    return sorted(pairs, key=lambda pair: (-abs(pair.netting.net), pair.other.pk))
