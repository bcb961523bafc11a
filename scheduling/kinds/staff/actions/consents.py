"""One answer to all dates of a series that wait for the same consent."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from medshare_portal.refusals import Refusal
from scheduling.actions import sign_offs
from scheduling.actions.series import locked_dates
from scheduling.models import Series, SharingRequest
from scheduling.states import State


@dataclass(kw_only=True)
class Consented:
    """For how many dates the answer was stored, and which could not be booked for it."""

    number: int = 0
    failed: list[tuple[SharingRequest, Refusal]] = field(default_factory=list)


def answer_all(
    *,
    series: Series,
    part: str,
    agree: bool,
    by,
    now: datetime,
    text: str = "",
    signed_name: str = "",
) -> Consented:
    """Give or refuse the consent for each date that still waits for it; each stands by itself.

    Raises NotYours, NotAsked when no date waits for it, and what the only refusal was when none
    could be answered.
    """
    sign = sign_offs.give if agree else sign_offs.refuse
    found = Consented()
    for row in locked_dates(series):
        if row.state != State.REQUESTED:
            continue
        try:
            with transaction.atomic():
                sign(
                    sharing_request=row,
                    part=part,
                    by=by,
                    now=now,
                    text=text,
                    signed_name=signed_name,
                )
            found.number += 1
        except (sign_offs.AlreadySigned, sign_offs.NotAsked):
            continue
        except Refusal as refusal:
            found.failed.append((row, refusal))
    if not found.number:
        raise found.failed[0][1] if found.failed else sign_offs.NotAsked
    return found
