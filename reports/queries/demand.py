"""What was asked for and not given: counts of the facts of demand, and the facts as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from medshare_portal.bilingual import is_chinese
from medshare_portal.spreadsheets import neutral
from reports.demand import Outcome
from reports.models import DemandFact

MOST_WANTED = 5
HEAD = (
    "ended_at", "said_as", "reference", "institution", "kind", "category", "what", "quantity",
    "from", "until", "needed_by", "urgency", "outcome", "reason", "asked_of", "first_asked_at",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A category that was not given, and how often."""

    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class DemandNumbers:
    """Of the demands that ended: how many, how many of them were met and not met, and how each
    outcome counts."""

    ended: int
    met: int
    not_met: int
    outcomes: list[tuple[Outcome, int]]
    most_wanted: list[Wanted]


def numbers_of(rows) -> DemandNumbers:
    """Of the facts in a queryset, whatever their outcome; three queries."""
    counted = rows.order_by().values("outcome").annotate(number=Count("pk"))
    by_outcome = {row["outcome"]: row["number"] for row in counted}
    return DemandNumbers(
        ended=sum(by_outcome.values()),
        met=by_outcome.get(Outcome.FILLED, 0),
        not_met=rows.not_met().count(),
        outcomes=[(one, by_outcome[one]) for one in Outcome if one in by_outcome],
        most_wanted=_most_wanted(rows.not_met()),
    )


def _most_wanted(rows) -> list[Wanted]:
    """By category, or by the words as they were typed where there was none."""
    found = (
        rows.order_by()
        .values("kind", "category_path", "category_en", "category_zh")
        .annotate(number=Count("pk"))
        .order_by("-number", "category_path", "category_en")[:MOST_WANTED]
    )
    return [Wanted(name=_name(row), number=row["number"]) for row in found]


def _name(row: dict) -> str:
    first, second = ("zh", "en") if is_chinese() else ("en", "zh")
    return row[f"category_{first}"] or row[f"category_{second}"]


def file_rows(rows) -> Iterator[list]:
    """The head, then a line per fact, with codes where the page has words."""
    yield list(HEAD)
    for fact in rows.iterator(chunk_size=1000):
        yield [neutral(value) for value in _line(fact)]


def _line(fact: DemandFact) -> list:
    return [
        fact.ended_at,
        fact.source,
        fact.reference,
        fact.institution,
        fact.kind,
        fact.category_code,
        fact.what,
        fact.quantity,
        fact.starts_at,
        fact.ends_at,
        fact.needed_by,
        fact.urgency,
        fact.outcome,
        fact.reason_code,
        fact.owner,
        fact.first_asked_at,
    ]
