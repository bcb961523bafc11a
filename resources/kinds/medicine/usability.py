"""Whether a lot may be used on a day: one answer for offer, match, approval, dispatch, receipt.

Pure: what is looked at is anything with the three attributes of ``Lot``.  The day is a date of the
site's own calendar (``day_at``), so "expires today" means the same in every time zone: usable
today, not tomorrow.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from resources.enums_medicine import PackState, QuarantineState


class Lot(Protocol):
    expiry_date: date | None
    quarantine_state: str
    pack_state: str


class Against(StrEnum):
    """Why a lot may not be used."""

    NO_DATE = "no_date"
    EXPIRED = "expired"
    RECALLED = "recalled"
    QUARANTINE = "quarantine"
    REJECTED = "rejected"
    NOT_SEALED = "not_sealed"


BY_STATE = {
    QuarantineState.RECALLED: Against.RECALLED,
    QuarantineState.QUARANTINE: Against.QUARANTINE,
    QuarantineState.REJECTED: Against.REJECTED,
}


def reasons_against(lot: Lot, day: date) -> list[Against]:
    """Everything that forbids to use the lot on this day; nothing when it may be used."""
    found = []
    if lot.expiry_date is None:
        found.append(Against.NO_DATE)
    elif lot.expiry_date < day:
        found.append(Against.EXPIRED)
    if lot.quarantine_state in BY_STATE:
        found.append(BY_STATE[lot.quarantine_state])
    if lot.pack_state != PackState.SEALED:
        found.append(Against.NOT_SEALED)
    return found


def usable_on(lot: Lot, day: date) -> bool:
    """Whether the lot may be used on this day."""
    return not reasons_against(lot, day)


def day_at(moment: datetime, time_zone: str) -> date:
    """The calendar day at a site."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def days_left(expiry_date: date, day: date) -> int:
    """Whole days after this one on which the lot may still be used; negative once it expired."""
    return (expiry_date - day).days
