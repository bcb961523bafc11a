"""Medicines in the workflow: asked for, reserved, dispatched, received, both ledgers balanced."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal import policy
from medshare_portal.roles import Permission
from scheduling.kinds import Claim, SignOffPart, WorkflowKind, register
from scheduling.kinds.medicine import jobs  # noqa: F401 – they register themselves
from scheduling.kinds.medicine.actions import stopping  # noqa: F401 – registers what stops
from scheduling.kinds.medicine.actions.asking import ask
from scheduling.kinds.medicine.actions.by_city import city_agrees
from scheduling.kinds.medicine.actions.deciding import on_step
from scheduling.kinds.medicine.actions.whole import approve_whole
from scheduling.kinds.medicine.costs import RELATED, accepted_packs
from scheduling.kinds.medicine.goods import GOODS_RELATED, packs_given
from scheduling.kinds.medicine.instead import ask_instead
from scheduling.kinds.medicine.queries.detail import extent, transfer_facts
from scheduling.kinds.medicine.queries.facts import judge
from scheduling.kinds.medicine.told import OF_STEPS
from scheduling.kinds.medicine.words import FINDING_WORDS, REASONS
from scheduling.side_words import OF_A_LOAN
from scheduling.states import Side, State

# Nothing is held or approved unseen, and nothing is offered instead.
STEPS = frozenset(
    {
        "approve",
        "approve_by_city",
        "decline",
        "withdraw",
        "lapse",
        "cancel",
        "cancel_by_owner",
        "release",
        "release_booking",
        "hand_over",
        "return",
        "close",
    }
)


def _near_its_end(sharing_request) -> bool:
    left = sharing_request.medicine_transfer.days_left_at_arrival
    return left < policy.current().medicine.near_expiry_days


def _dual(sharing_request) -> bool:
    return sharing_request.medicine_transfer.dual_sign_off


SIGN_OFFS = (
    SignOffPart(
        code="director",
        label=_("Acknowledgement of the receiver's director"),
        side=Side.BORROWER,
        before="hand_over",
        permission=Permission.COUNTERSIGN,
        page="medicine-sign",
        page_of_several=True,
        needed=_near_its_end,
    ),
    SignOffPart(
        code="second_sender",
        label=_("Second signature of the sender"),
        side=Side.OWNER,
        before="hand_over",
        permission=Permission.DECIDE,
        page="medicine-sign",
        page_of_several=True,
        needed=_dual,
    ),
    SignOffPart(
        code="second_receiver",
        label=_("Second signature of the receiver"),
        side=Side.BORROWER,
        before="hand_over",
        permission=Permission.ASK,
        page="medicine-sign",
        page_of_several=True,
        needed=_dual,
    ),
)

MEDICINE = register(
    WorkflowKind(
        code="medicine",
        finding_words=FINDING_WORDS,
        claim=Claim.QUANTITY,
        steps=STEPS,
        makers={
            "hand_over": {Side.OWNER: Permission.HAND_OVER},
            "return": {Side.BORROWER: Permission.HAND_OVER},
        },
        changes=frozenset(),
        sign_offs=SIGN_OFFS,
        state_labels={
            State.APPROVED.value: _("Approved, stock reserved"),
            State.UNDERWAY.value: _("Dispatched"),
            State.FINISHED.value: _("Received, ledgers to balance"),
        },
        step_labels={
            "approve": _("Decide"),
            "hand_over": _("Dispatch"),
            "return": _("Receive"),
            "close": _("Close the transfer"),
            "cancel": _("Cancel the transfer"),
            "cancel_by_owner": _("Cancel the transfer"),
        },
        reasons=REASONS,
        progress={
            State.UNDERWAY.value: pgettext_lazy("step", "Dispatched"),
            State.FINISHED.value: pgettext_lazy("step", "Received"),
            State.CLOSED.value: pgettext_lazy("step", "Balanced"),
        },
        sides=replace(
            OF_A_LOAN,
            owner=_("Sender"),
            borrower=_("Receiver"),
            given=_("to %(name)s"),
            taken=_("from %(name)s"),
            started=pgettext_lazy("step", "Dispatched"),
            ended=pgettext_lazy("step", "Received"),
        ),
        logged={
            "hand_over": pgettext_lazy("step", "Dispatched"),
            "return": pgettext_lazy("step", "Received and counted"),
            "close": pgettext_lazy("step", "Ledgers balance, closed"),
        },
        in_rounds="scheduling.kinds.medicine.queries.in_rounds.MedicineInRounds",
        path="medicines",
        urls="scheduling.kinds.medicine.urls",
        pages={
            "approve": "medicine-decide",
            "hand_over": "medicine-dispatch",
            "return": "medicine-receive",
            "close": "medicine-close",
            "note": "medicine-note",
        },
        find_page="",
        detail_template="scheduling/medicine/detail.html",
        facts=transfer_facts,
        extent=extent,
        approve_whole=approve_whole,
        ask=ask,
        item_form="scheduling.kinds.medicine.forms.item.OfPacks",
        judge=judge,
        ask_instead=ask_instead,
        on_step=on_step,
        city_agrees=city_agrees,
        charge=accepted_packs,
        charge_related=RELATED,
        goods=packs_given,
        goods_related=GOODS_RELATED,
        notices=OF_STEPS,
    )
)
