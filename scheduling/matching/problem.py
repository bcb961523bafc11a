"""What a round is to solve: institutions, their needs, what others offer, and the parameters.

Units everywhere: moments and durations are whole minutes, moments counted from
``Horizon.starts_at`` (negative: before it); days count from the horizon's first date, in the city's
time; distances are kilometres; money is in hundredths of the currency.  Intervals are half-open.
Ids are unique within their list.  The JSON has the field names (``docs/matching-format.md``).
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Self

VERSION = 1
DAY = 24 * 60
WEEK = 7 * DAY
MOST_INTERVALS = 2_000  # of one device or person
SOME = {"most": MOST_INTERVALS}
LATER = {"later": True}  # not written at its default: older problems keep their fingerprint


class Kind(StrEnum):
    """What has a formulation.  Information is not rival: it needs no optimiser."""

    EQUIPMENT = "equipment"
    MEDICINE = "medicine"
    STAFF = "staff"


class Urgency(IntEnum):
    CRITICAL = 1
    URGENT = 2
    ROUTINE = 3


class Kept(StrEnum):
    """Why a match is not up for discussion."""

    ACCEPTED = "accepted"  # both sides said yes
    PINNED = "pinned"  # an official fixed it for this round
    OWN = "own"  # its institution has it itself (own_first): it is served at home


@dataclass(frozen=True, slots=True)
class Interval:
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """``starts_at``: ISO 8601 with offset, the moment 0; ``week_starts_at``: minute of the first
    local Monday 00:00 at or before moment 0 (<= 0), from which weekly caps count."""

    starts_at: str
    minutes: int = 14 * DAY
    slot: int = 15
    week_starts_at: int = 0


@dataclass(frozen=True, slots=True)
class Institution:
    """``certificates``: what it may store, handle or operate – "cold:2-8", "licence:narcotic",
    "operates:ventilator".  ``history_met`` of ``history_asked``: its decayed weighted needs of the
    last 90 days, per kind.  ``licensed_to``: the last day of its practice licence, if it ends."""

    id: str
    latitude: float
    longitude: float
    district: str = ""
    consortia: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    history_met: dict[Kind, float] = field(default_factory=dict)
    history_asked: dict[Kind, float] = field(default_factory=dict)
    licensed_to: int | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Square, in the order of ``Problem.institutions``; from row to column.  Without one, travel
    is reckoned from the coordinates (``Parameters``)."""

    minutes: tuple[tuple[int, ...], ...]
    kilometres: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One device.  ``windows``: when it is offered, nothing of its own within (bookings are cut
    out).  A movable unit travels to the need and back; to a fixed one the patient travels.
    ``requires``: certificates that the borrower must hold; ``consortia``: empty means for all."""

    id: str
    institution: str
    item: str
    windows: tuple[Interval, ...] = field(metadata=SOME)
    capabilities: frozenset[str] = frozenset()
    movable: bool = True
    cleaning_minutes: int = 30
    requires: frozenset[str] = frozenset()
    consortia: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lot:
    """``packs``: offered, net of the owner's reserve.  Usable through ``expiry_day``.
    ``cold_chain`` / ``control``: "2-8", "narcotic", …, for which the borrower must hold
    "cold:…" / "licence:…"; ``longest_cold_minutes``: how long its box stays cold.
    ``arrival_day``: when it can be with a borrower at the earliest, where ``arrival_life_days``
    must be left of it; ``recorded``: what a record of a transfer must say is known of it."""

    id: str
    institution: str
    item: str
    packs: int
    expiry_day: int
    value_per_pack: int = 0
    cold_chain: str = ""
    longest_cold_minutes: int | None = None
    control: str = ""
    recalled: bool = False
    consortia: frozenset[str] = frozenset()
    arrival_day: int = field(default=0, metadata=LATER)
    arrival_life_days: int = field(default=0, metadata=LATER)
    recorded: bool = field(default=True, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Person:
    """``approved_at``: institutions where the person may work; ``available``: when it may be
    asked; ``own_shifts``: its work at home, which counts to the weekly cap together with
    ``other_minutes`` (per week of the horizon, for work outside it)."""

    id: str
    institution: str
    skills: frozenset[str]
    available: tuple[Interval, ...] = field(metadata=SOME)
    approved_at: frozenset[str] = frozenset()
    own_shifts: tuple[Interval, ...] = field(default=(), metadata=SOME)
    other_minutes: tuple[int, ...] = ()
    weekly_cap_minutes: int = 44 * 60
    longest_travel_minutes: int = 60


class _One:
    """A need of which there is no other amount."""

    __slots__ = ()

    @property
    def amount(self) -> int:
        return 1

    def asking(self, amount: int) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class EquipmentNeed(_One):
    """``duration_minutes`` of use, starting on a slot, within ``earliest`` to ``latest``.
    A need for several units is several needs of one ``group``."""

    id: str
    institution: str
    item: str
    earliest: int
    latest: int
    duration_minutes: int
    urgency: Urgency = Urgency.ROUTINE
    posted_at: int = 0
    capabilities: frozenset[str] = frozenset()
    longest_travel_minutes: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class MedicineNeed:
    """``packs``, in parts if need be, there by ``by_day``, usable ``minimum_life_days`` more."""

    id: str
    institution: str
    item: str
    packs: int
    by_day: int
    minimum_life_days: int = 0
    urgency: Urgency = Urgency.ROUTINE
    posted_at: int = 0
    longest_travel_minutes: int | None = None

    @property
    def amount(self) -> int:
        return self.packs

    def asking(self, amount: int) -> Self:
        """The same need, of another amount."""
        return replace(self, packs=amount)


@dataclass(frozen=True, slots=True)
class StaffNeed(_One):
    """One shift for one person who has all of ``skills``.  A need for several people is several
    needs of one ``group``."""

    id: str
    institution: str
    skills: frozenset[str]
    starts_at: int
    ends_at: int
    urgency: Urgency = Urgency.ROUTINE
    posted_at: int = 0
    longest_travel_minutes: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A need served by an offer.  ``starts_at``/``ends_at`` of the use or the shift (None for
    medicine); ``quantity``: packs, else 1."""

    need: str
    offer: str
    quantity: int = 1
    starts_at: int | None = None
    ends_at: int | None = None


@dataclass(frozen=True, slots=True)
class KeptMatch:
    match: Match
    why: Kept = Kept.ACCEPTED


@dataclass(frozen=True, slots=True)
class UseLimit:
    """So many packs of a lot can the institution use in time; of other lots all it asks for."""

    institution: str
    lot: str
    packs: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """``weights`` per urgency; ``fairness``: 1 puts the equity tier strictly before the number of
    needs served, 0 leaves it out, between they are one weighted tier; a weight of 0 leaves its
    tier out; tiers are strict, so every other number means the same.  Travel without a matrix:
    great circle × ``detour`` at ``speed_kmh`` plus ``loading_minutes``, rounded up; 0 at home."""

    rest_minutes: int = 11 * 60
    weights: tuple[int, int, int] = (100, 10, 1)
    fairness: float = 1.0
    equity_offset: float = 0.05
    waste_days: int = 90
    waste_weight: float = 1.0
    distance_weight: float = 1.0
    stability_weight: float = 1.0
    detour: float = 1.3
    speed_kmh: float = 30.0
    loading_minutes: int = 10

    def weight(self, urgency: Urgency) -> int:
        return self.weights[urgency - 1]


@dataclass(frozen=True, slots=True)
class Problem:
    """``kept`` matches stay and take their capacity; ``previous`` were proposed before and are
    preferred when all else is equal; ``struck`` pairs (need, offer) are not to be proposed; rules
    of the codes ``lifted`` are left out; ``use_limits`` may name what is gone."""

    horizon: Horizon
    institutions: tuple[Institution, ...]
    travel: TravelMatrix | None = None
    units: tuple[Unit, ...] = ()
    lots: tuple[Lot, ...] = ()
    people: tuple[Person, ...] = ()
    equipment_needs: tuple[EquipmentNeed, ...] = ()
    medicine_needs: tuple[MedicineNeed, ...] = ()
    staff_needs: tuple[StaffNeed, ...] = ()
    kept: tuple[KeptMatch, ...] = ()
    previous: tuple[Match, ...] = ()
    struck: frozenset[tuple[str, str]] = frozenset()
    lifted: frozenset[str] = frozenset()
    parameters: Parameters = field(default_factory=Parameters)
    use_limits: tuple[UseLimit, ...] = field(default=(), metadata=LATER)
    version: int = VERSION

    def needs(self, kind: Kind) -> tuple:
        return getattr(self, NEEDS[kind])

    def offers(self, kind: Kind) -> tuple:
        return getattr(self, OFFERS[kind])


NEEDS = {
    Kind.EQUIPMENT: "equipment_needs",
    Kind.MEDICINE: "medicine_needs",
    Kind.STAFF: "staff_needs",
}
IN_PARTS = {Kind.MEDICINE}  # what several offers may serve together, at no time of its own
OFFERS = {Kind.EQUIPMENT: "units", Kind.MEDICINE: "lots", Kind.STAFF: "people"}
