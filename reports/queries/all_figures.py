"""Every figure of the catalogue, of the city or of one institution: the list that pages, files and
reports are made of.

    for figure in all_figures(None, period, before, kind="", now=now):
        figure.entry.name, figure.value, figure.numerator, figure.denominator
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from medshare_portal.models import Institution
from reports.charts.small import FEWEST_PEOPLE
from reports.kpis import Measure
from reports.kpis.catalogue import FAMILIES, KPIS, Family, Kpi, is_of
from reports.periods import Period
from reports.queries.city_figures import currency_of
from reports.queries.few_people import few_of, shown_in_city, shown_of
from reports.queries.kpis import fairness, goods, people, requests, use
from reports.queries.kpis.ground import Ground, Made
from reports.queries.scores import NOTHING
from resources.kinds import kinds_of_people

FEEDS = (use, requests, goods, people, fairness)
# Of what is as it is now there is no "before".
AS_NOW = frozenset({"maintenance", "credentials", "coded", "stale"})
OF_PEOPLE = frozenset({"staff_hours", "shift_fill", "notice", "overrides"})
# The requests behind a figure, as filters of their list; what is made of other rows is not here.
OF_REQUESTS: dict[str, dict[str, str]] = {
    "no_show": {"outcome": "not_collected"},
    "late_cancel": {"outcome": "cancelled"},
    "fulfilment": {},
    "overdue": {"kind": "equipment", "outcome": "filled", "returned": "late"},
    "received_share": {},
    "net_savings": {"outcome": "filled"},
    "line_fill": {"kind": "medicine"},
    "quantity_fill": {"kind": "medicine"},
    "waste_avoided": {"kind": "medicine", "outcome": "filled", "rescued": "yes"},
    "packs_rescued": {"kind": "medicine", "outcome": "filled", "rescued": "yes"},
    "waste_confirmed": {"kind": "medicine", "outcome": "filled"},
    "carbon": {"kind": "medicine", "outcome": "filled"},
    "staff_hours": {"kind": "staff", "outcome": "filled"},
    "shift_fill": {"kind": "staff"},
    "notice": {"kind": "staff"},
    "overrides": {"kind": "staff"},
    "grants_expired": {"kind": "information"},
    "looks": {"kind": "information"},
    "gini_weighted": {},
}
# Those that were decided in the period, whatever became of them: filters of the list of answers.
OF_ANSWERS: dict[str, dict[str, str]] = {
    "in_time": {},
    "median": {},
    "p90": {},
    "grants_approved": {"kind": "information", "answer": "yes"},
    "grants_denied": {"kind": "information", "answer": "no"},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """``measure`` is n/a where there is nothing to divide by, and where it is ``withheld``: it
    rests on fewer than five people.  ``part`` names a part of a figure that falls into several."""

    family: Family
    entry: Kpi
    part: str
    measure: Measure
    before: Measure | None
    withheld: bool
    currency: str

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def value(self):
        return self.measure.value

    @property
    def numerator(self):
        return self.measure.numerator

    @property
    def denominator(self):
        return self.measure.denominator


def all_figures(
    institution: Institution | None,
    period: Period,
    compared: Period | None = None,
    *,
    kind: str = "",
    now: datetime,
    official: bool = False,
) -> list[Figure]:
    """In the order of the catalogue, those that ``kind`` has; ``institution`` None: of the city.
    ``official``: as the city reads it, also of one institution.  A number of statements that does
    not grow with the requests."""
    secret = _secret(institution, period, kind) if official else Secret(own=institution is not None)
    if compared is not None and official and _tells(institution, compared, kind, secret):
        compared = None
    ground = ground_of(
        institution, period, kind=kind, now=now, unseen=secret.unseen, official=official
    )
    made = [one for one in figures_of(ground) if is_of(one.code, kind)]
    before = {}
    if compared is not None:
        earlier = replace(ground, period=compared)
        before = {
            (one.code, one.part): one for one in figures_of(earlier) if one.code not in AS_NOW
        }
    return list(_listed(made, before, ground.currency, secret))


@dataclass(frozen=True)
class Secret:
    """``unseen``: kinds that no sum over kinds has; ``everything`` of a kind; ``own``: an
    institution reads its own people in full."""

    unseen: frozenset[str] = frozenset()
    everything: bool = False
    own: bool = False

    def has(self, made: Made) -> bool:
        if self.own:
            return False
        if self.everything:
            return made.code not in AS_NOW or rests_on_few(made)
        return rests_on_few(made) or bool(self.unseen and made.code in OF_PEOPLE)


SHOWN = Secret()


def _secret(institution, period: Period, kind: str) -> Secret:
    """What officials do not read, of one institution or of the city."""
    if kind:
        return Secret(everything=kind in kinds_of_people() and few_of(institution, period))
    if institution is None:
        shown = shown_in_city(kind, period, None, None)
    else:
        shown = shown_of(kind, institution, period, None)
    return SHOWN if isinstance(shown.kinds, str) else Secret(unseen=frozenset(kinds_of_people()))


def _tells(institution, compared: Period, kind: str, secret: Secret) -> bool:
    """Whether what is compared with tells of a few people that are left out of neither period."""
    before = _secret(institution, compared, kind)
    return before.everything or bool(before.unseen and not secret.unseen)


def ground_of(
    institution: Institution | None, period: Period, *, kind: str = "", now: datetime,
    unseen: frozenset[str] = frozenset(), official: bool = False,
) -> Ground:  # fmt: skip
    """With the currency in which most was rescued."""
    plain = Ground(institution, period, kind, "", now)
    currency = currency_of(plain.given(), plain.received() if institution else NOTHING)
    ground = Ground(institution, period, kind, currency, now, unseen, official)
    ground.__dict__["_sums"] = plain._sums  # read once
    return ground


def figures_of(ground: Ground) -> list[Made]:
    return [made for feed in FEEDS for made in feed.figures(ground)]


def _listed(made: Iterable[Made], before: dict, currency: str, secret: Secret) -> Iterator[Figure]:
    by_code: dict[str, list[Made]] = {}
    for one in made:
        by_code.setdefault(one.code, []).append(one)
    for family in FAMILIES:
        for kpi in family.kpis:
            for one in by_code.get(kpi.code, ()):
                yield _figure(family, one, before.get((one.code, one.part)), currency, secret)


def _figure(
    family: Family, made: Made, before: Made | None, currency: str, secret: Secret
) -> Figure:
    withheld = secret.has(made)
    return Figure(
        family=family,
        entry=KPIS[made.code],
        part=made.part,
        measure=_without_numbers(made.measure) if withheld else made.measure,
        before=None if before is None or secret.has(before) else before.measure,
        withheld=withheld,
        currency=currency,
    )


def rests_on_few(made: Made) -> bool:
    return made.people is not None and 0 < made.people < FEWEST_PEOPLE


def _without_numbers(measure: Measure) -> Measure:
    return Measure(None, None, None, measure.unit)
