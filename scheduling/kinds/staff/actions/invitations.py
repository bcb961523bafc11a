"""Invite a person for a shift."""

from dataclasses import dataclass
from datetime import datetime

from resources.models import Resource
from scheduling.actions import requests, sign_offs
from scheduling.kinds.staff.actions import letters
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.parts import PERSON
from scheduling.models import SharingRequest, StaffEngagement, WaitlistEntry


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What the host fills in; ``accepted`` maps the code of a warning to the reason."""

    starts_at: datetime
    ends_at: datetime
    asked: Asked
    ward: str = ""
    priority: str = "routine"
    purpose: str = ""
    accepted: dict[str, str]
    basket: object | None = None
    series: object | None = None  # of which this is one date
    units = 1  # a person

    @property
    def delivery_site(self):
        """Where the person is to come, as the terms of other kinds name it."""
        return self.asked.site


def ask_item(
    *, resource: Resource, borrower, terms: Invitation, by, now: datetime
) -> SharingRequest:
    """``WorkflowKind.ask``: the same as a line of a basket."""
    return invite(resource=resource, host=borrower, invitation=terms, by=by, now=now)


def asked_in_line(entry: WaitlistEntry) -> Asked:
    """``WorkflowKind.asked_in_line``: where; the rest is asked when a place is taken."""
    return Asked(site=entry.site)


def invite(
    *,
    resource: Resource,
    host,
    invitation: Invitation,
    by,
    now: datetime,
    hold: SharingRequest | None = None,
) -> SharingRequest:
    """Send it to the person, the home employer and the host's own credentialing at once; ``hold``
    is a place of the wait-list that is taken up by it.

    Raises what ``requests.ask`` raises: RulesBlock, ReasonMissing, WrongSite, AlreadyAsked …
    """
    asked = invitation.asked
    request = requests.ask(
        resource=resource,
        borrower=host,
        terms=requests.RequestTerms(
            starts_at=invitation.starts_at,
            ends_at=invitation.ends_at,
            mode="",
            priority=invitation.priority,
            purpose=invitation.purpose,
            delivery_site=asked.site,
            delivery_place=invitation.ward,
            transport="none",
            accepted=invitation.accepted,
            asked=asked,
            basket=invitation.basket,
            series=invitation.series,
        ),
        by=by,
        now=now,
        hold=hold,
    )
    engagement = StaffEngagement.objects.create(
        sharing_request=request, break_minutes=asked.break_minutes, specialty=asked.specialty
    )
    engagement.competencies.set(asked.competencies)
    sign_offs.ask_for(request, now=now, people={PERSON: resource.staff_member.user})
    letters.queue(request, "invited", now=now)
    return request


def invited_again(
    sharing_request: SharingRequest, starts_at, ends_at, *, beside, accepted: dict[str, str]
) -> Invitation:
    """``WorkflowKind.terms_again``: the same shift at other hours, judged with ``beside``."""
    row = StaffEngagement.objects.of(sharing_request).select_related("specialty").get()
    asked = Asked(
        break_minutes=row.break_minutes,
        specialty=row.specialty,
        competencies=tuple(row.competencies.all()),
        site=sharing_request.delivery_site,
        beside=beside,
    )
    return Invitation(
        starts_at=starts_at,
        ends_at=ends_at,
        asked=asked,
        ward=sharing_request.delivery_place,
        priority=sharing_request.priority,
        purpose=sharing_request.purpose,
        accepted=accepted,
        series=sharing_request.series,
    )


def on_step(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """``WorkflowKind.on_step``: the person hears of what ends with its basket."""
    if transition in ("release", "release_booking"):
        letters.queue(sharing_request, "ended", now=now)
