"""The city's yes to packs in an emergency: reserved, they wait for the sender's dispatch."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling.actions.city_approvals import passed_by_city
from scheduling.kinds.medicine.actions.deciding import look_again, reserved
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.kinds.medicine.told import ask_to_sign
from scheduling.models import SharingRequest, SignOff
from scheduling.states import SignOffDecision


class SenderSignsTwice(Refusal):
    """A class of medicine for which two people of the sender answer."""

    message = _("Two people of the sender sign for this medicine: only the sender approves it.")


def city_agrees(
    *, sharing_request: SharingRequest, reason: str, by, now: datetime
) -> tuple[dict, dict]:
    """``WorkflowKind.city_agrees``: all packs that were asked, or none.

    Nothing leaves by it: the sender's pharmacist looks at the lot and dispatches, or calls it off.
    Raises RulesBlock, NotEnoughStock, SenderSignsTwice.
    """
    context = facts.wish_of(sharing_request, now, for_sender=True)
    if context.lot.needs_dual_sign_off or facts.transfer_of(sharing_request).dual_sign_off:
        raise SenderSignsTwice
    accepted = passed_by_city(sharing_request, findings_of(context), reason)
    offer = reserved(sharing_request, context.lot, int(sharing_request.quantity), by, now)
    look_again(sharing_request, context.lot, now)
    waiting = SignOff.objects.of(sharing_request).filter(decision=SignOffDecision.WAITING)
    ask_to_sign(sharing_request, waiting.values_list("part", flat=True), by=by, now=now)
    return {"offer": offer}, accepted
