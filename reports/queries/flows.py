"""From whom to whom devices were lent, of the facts of a period."""

from dataclasses import dataclass

from django.db.models import Count, Max

from medshare_portal.local_times import in_chinese, midnight
from reports.demand import Outcome
from reports.models import UsageFact
from reports.periods import A_DAY, Period

MOST_PAIRS = 14


@dataclass(frozen=True, kw_only=True)
class Pair:
    owner: int
    borrower: int
    loans: int
    names_en: tuple[str, str]
    names_zh: tuple[str, str]

    @property
    def names(self) -> tuple[str, str]:
        """Owner and borrower, as they were called at the end, in the reader's language."""
        first, second = self.names_en, self.names_zh
        if in_chinese():
            first, second = second, first
        return first[0] or second[0], first[1] or second[1]


def loans_between(period: Period) -> tuple[list[Pair], int, int]:
    """The pairs with most loans that ended in the period; how many loans there were in all, and
    between how many pairs."""
    facts = UsageFact.objects.in_city_view().current()
    ended = facts.filter(
        kind="equipment",
        outcome=Outcome.FILLED,
        ended_at__gte=midnight(period.first),
        ended_at__lt=midnight(period.last + A_DAY),
    )
    found = ended.values("owner_key", "borrower_key").annotate(
        loans=Count("pk"),
        owner_named_en=Max("owner_en"),
        owner_named_zh=Max("owner_zh"),
        borrower_named_en=Max("borrower_en"),
        borrower_named_zh=Max("borrower_zh"),
    )
    rows = list(found.order_by("-loans", "owner_key", "borrower_key"))
    return [_pair(row) for row in rows[:MOST_PAIRS]], sum(row["loans"] for row in rows), len(rows)


def _pair(row: dict) -> Pair:
    return Pair(
        owner=row["owner_key"],
        borrower=row["borrower_key"],
        loans=row["loans"],
        names_en=(row["owner_named_en"], row["borrower_named_en"]),
        names_zh=(row["owner_named_zh"], row["borrower_named_zh"]),
    )
