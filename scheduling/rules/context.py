"""What a rule may look at: plain facts, already loaded."""

import zoneinfo
from dataclasses import dataclass, field
from datetime import date, datetime

from medshare_portal.crises import RunningCrisis
from resources.models import Offer, OfferedInterval, Resource
from scheduling.models import SharingRequest
from scheduling.states import Stage


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Time that is not free: whose it is, is not said.  ``in_buffer``: only buffers meet."""

    starts_at: datetime
    ends_at: datetime
    own_use: bool = False
    in_buffer: bool = False
    overdue: bool = False
    promised: bool = False  # to somebody in the wait-list who has asked for it


@dataclass(frozen=True)
class AskedBefore:
    """A request of the borrower itself for the same resource that nobody has answered yet."""

    reference: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class RuleContext:
    """One request, or one that somebody thinks of making.

    Times are aware UTC datetimes, ``units`` a count.  ``conflicts`` are rows that hold capacity
    within the blocked time; ``units_free`` the lowest number of free units in it.
    ``competencies`` maps competency ids to the day until which the borrower's operators hold it.
    """

    resource: Resource
    offer: Offer | None
    borrower: object
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime
    units: int = 1
    mode: str = ""
    priority: str = "routine"
    agreement_accepted: bool = True
    now: datetime
    sharing_request: SharingRequest | None = None
    conflicts: tuple[Conflict, ...] = ()
    units_free: int = 1
    offered: tuple[OfferedInterval, ...] = ()
    competencies: dict[int, date] = field(default_factory=dict)
    currently_overdue: bool = False
    own: object | None = None  # the kind's own facts (``WorkflowKind.rule_facts``)
    crisis: RunningCrisis | None = None  # that runs now, whether it covers this share or not
    asked_before: tuple[AskedBefore, ...] = ()  # known only where somebody is about to ask
    lent_share: float | None = None  # of the offered hours of that week, this request included

    @property
    def owner(self):
        return self.resource.institution

    @property
    def parties(self) -> dict:
        """Between whom, and what kind of thing: what the scope of a crisis is compared with."""
        return {
            "kind": self.resource.kind,
            "owner_id": self.resource.institution_id,
            "borrower_id": self.borrower.pk,
            "category_id": self.resource.category_id,
        }

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The clock that the kind's own facts name; None: that of the resource's site."""
        return getattr(self.own, "zone", None)

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600

    @property
    def last_day(self) -> date:
        """The local date at the resource's site on which the use ends."""
        return local_day(self.ends_at, self.resource)


@dataclass(frozen=True)
class Earlier:
    """A booking that begins before the one that is handed over now; the owner knows whose."""

    reference: str
    borrower: object
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverContext:
    """One stage of a share with what was filled in; ``before`` is the record at its start."""

    sharing_request: SharingRequest
    stage: Stage
    record: object
    expected_accessories: dict[int, int]
    checklist_codes: tuple[str, ...]
    before: object | None
    now: datetime
    fault: bool = False  # the borrower reported one in use
    maintained: tuple = ()  # times in which the device was in maintenance or repair
    earlier: tuple[Earlier, ...] = ()  # bookings that a handover now leaves without a unit

    @property
    def resource(self) -> Resource:
        return self.sharing_request.resource

    @property
    def last_day(self) -> date:
        """The local date at the resource's site on which the use ends."""
        return local_day(self.sharing_request.ends_at, self.resource)


def local_day(moment: datetime, resource: Resource) -> date:
    """The date on the wall at the resource's site."""
    return moment.astimezone(zoneinfo.ZoneInfo(resource.site.time_zone)).date()
