"""Whether a person's quiet shifts may be offered at all."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Severity
from resources.enums_staff import LicenceKind, LicenceStatus
from resources.kinds.staff.rules.sources import PHYSICIANS_AND_NURSES


def may_practise(resource) -> Iterator[Finding]:
    """STF-01: nobody is offered whose licence is suspended, revoked or was never verified."""
    person = resource.staff_member
    if person.licence_kind == LicenceKind.NONE:
        return
    if person.licence_status != LicenceStatus.ACTIVE:
        yield Finding(
            code="STF-01",
            severity=Severity.BLOCK,
            message=_("The licence is not in force: %(state)s."),
            params={"state": person.get_licence_status_display()},
            advice=_("Offer the person again when the licence is in force."),
            source=PHYSICIANS_AND_NURSES,
        )
    elif person.licence_verified_on is None:
        yield Finding(
            code="STF-01",
            severity=Severity.BLOCK,
            message=_("Nobody has verified the licence."),
            advice=_("Look it up in the official register and enter who did so and when."),
            source=PHYSICIANS_AND_NURSES,
        )


RULES = (may_practise,)
