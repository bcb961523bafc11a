"""What a need says, and when it may lie."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from scheduling.states import Priority


class TimePast(Refusal):
    message = _("This time is already past. Choose a later one.")
    status = 422


class TooFarAhead(Refusal):
    message = _("A need may lie at most %(days)s days ahead.")
    status = 422

    def __init__(self, days: int, field: str):
        super().__init__(str(self.message) % {"days": days}, field=field)


@dataclass(frozen=True, kw_only=True)
class NeedTerms:
    """What the needing side fills in and may amend.  Times are aware UTC; either a window or
    ``needed_by``."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    needed_by: datetime | None = None
    flexible_hours: int = 0
    quantity: int = 1
    skills: str = ""
    site: object | None = None
    within_km: int | None = None
    priority: str = Priority.ROUTINE
    justification: str = ""
    note: str = ""

    @property
    def ends(self) -> datetime:
        """The last moment at which it still helps."""
        if self.ends_at is None:
            return self.needed_by
        return self.ends_at + timedelta(hours=self.flexible_hours)


def check(terms: NeedTerms, now: datetime, *, begun: bool = False) -> None:
    """``begun``: it may have started before.  Raises TimePast, TooFarAhead."""
    grace = timedelta(minutes=policy.current().request.past_grace_minutes)
    if terms.starts_at and terms.starts_at < now - grace and not begun:
        raise TimePast(field="starts_at")
    field = "ends_at" if terms.ends_at else "needed_by"
    if terms.ends <= now:
        raise TimePast(field=field)
    days = policy.current().needs.longest_days
    if terms.ends > now + timedelta(days=days):
        raise TooFarAhead(days, field)


def columns(terms: NeedTerms) -> dict:
    return {name: getattr(terms, name) for name in NeedTerms.__dataclass_fields__}
