"""Which consents the dates of a series still wait for."""

from scheduling.kinds import kinds
from scheduling.models import Series, SharingRequest, SignOff
from scheduling.states import Side, SignOffDecision


def waiting_consents(series: Series) -> dict[int, set[str]]:
    """Key of a date → codes of the consents that nobody has answered; no query where the kind
    asks for none."""
    if not kinds[series.kind].sign_offs:
        return {}
    dates = SharingRequest.objects.of_series(series)
    rows = SignOff.objects.of_scoped(dates).filter(decision=SignOffDecision.WAITING)
    found: dict[int, set[str]] = {}
    for pk, part in rows.values_list("sharing_request_id", "part"):
        found.setdefault(pk, set()).add(part)
    return found


def owners_answer(kind: str) -> set[str]:
    """The consents by which somebody at the owner decides; empty where its approval does."""
    return {
        part.code
        for part in kinds[kind].sign_offs
        if part.before == "approve" and part.side == Side.OWNER and part.permission is not None
    }
