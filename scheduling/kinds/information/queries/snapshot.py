"""What is asked for as plain values, so that two versions of a request can be compared."""

from scheduling.models import AccessGrant, SharingRequest

COMPARED = (
    "purpose_of_use",
    "legal_basis",
    "recipient_role",
    "scope",
    "cohort",
    "consent_ref",
    "consent_separate",
    "assessment_ref",
    "contract_ref",
)


def snapshot(grant: AccessGrant, sharing_request: SharingRequest) -> dict:
    """The values of a request as it stands."""
    values = {name: getattr(grant, name) for name in COMPARED}
    return values | {
        "asked_until": grant.asked_until.isoformat(),
        "looks": int(sharing_request.quantity),
        "reason": sharing_request.purpose,
    }
