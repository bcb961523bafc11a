"""INF-06, INF-07 and INF-10 at the moment of a look: outside the grant nothing opens."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Severity
from resources.kinds.information.rules.offers import has_content, is_checked
from resources.kinds.information.rules.sources import BALP, pipl
from scheduling.enums_information import EndReason
from scheduling.kinds.information.facts import Look
from scheduling.states import State


def _refuse(message, *, code="INF-06", source=BALP, **params) -> Finding:
    return Finding(
        code=code, severity=Severity.BLOCK, message=message, params=params, source=source
    )


def is_open(look: Look) -> Iterator[Finding]:
    """INF-06: the access stands, and nobody has put it on hold."""
    request = look.sharing_request
    if look.grant.end_reason:
        why = EndReason(look.grant.end_reason).label
        yield _refuse(_("The access has ended: %(why)s."), why=why)
    elif request.state not in (State.APPROVED, State.UNDERWAY):
        yield _refuse(_("The access is not open: %(state)s."), state=State(request.state).label)
    elif request.suspended_at is not None:
        yield _refuse(_("The access is on hold."))
    elif request.basket_id is not None and request.basket.holds_back:
        yield _refuse(_("It is part of an all-or-nothing basket that is not complete yet."))


def is_in_time(look: Look) -> Iterator[Finding]:
    """INF-06: half-open, so the moment of the end is outside."""
    until = look.grant.valid_until
    if until is not None and look.now >= until:
        yield _refuse(_("The access has ended."))


def is_the_person(look: Look) -> Iterator[Finding]:
    """INF-06: the person who asked, at the institution that asked."""
    if look.institution_id != look.sharing_request.borrower_id:
        yield _refuse(_("The access was given to another institution."))
    elif look.person_id != look.grant.person_id:
        yield _refuse(_("The access was given to another person."))


def looks_are_left(look: Look) -> Iterator[Finding]:
    """INF-06: no more looks than were granted."""
    if look.grant.looks_used + look.looks_asked > look.sharing_request.quantity:
        yield _refuse(_("Every look is used."))


def consent_stands(look: Look) -> Iterator[Finding]:
    """INF-07"""
    if look.grant.consent_withdrawn_at is not None:
        yield _refuse(_("The consent was withdrawn."), code="INF-07", source=pipl("15"))


def content_is_in_order(look: Look) -> Iterator[Finding]:
    """INF-00 and INF-10: there is content, and it was looked through for what it is called."""
    yield from has_content(look.sharing_request.resource)
    yield from is_checked(look.sharing_request.resource)


RULES = (
    is_open,
    is_in_time,
    is_the_person,
    looks_are_left,
    consent_stands,
    content_is_in_order,
)
