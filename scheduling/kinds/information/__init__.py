"""Information in the workflow: asked for, granted, opened, ended, its log reviewed."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal import policy
from medshare_portal.roles import Permission
from scheduling.costs import free_of_charge
from scheduling.kinds import USUAL_STEPS, Claim, SignOffPart, WorkflowKind, register
from scheduling.kinds.information import jobs  # noqa: F401 – they register themselves
from scheduling.kinds.information.actions.asking import ask_item
from scheduling.kinds.information.actions.whole import approve_whole
from scheduling.kinds.information.parts import SECOND
from scheduling.kinds.information.queries.detail import access_facts, extent
from scheduling.kinds.information.queries.facts import judge
from scheduling.kinds.information.told import OF_STEPS
from scheduling.kinds.information.words import FINDING_WORDS
from scheduling.side_words import OF_A_LOAN
from scheduling.states import Side, State

# Nothing is held or approved unseen, and a returned request is sent again or withdrawn.  The city
# opens nobody's information: whoever cannot wait breaks the glass, and the owner reviews it.
NOT_STEPS = {"submit", "auto_approve", "approve_by_city", "accept_counter"}
STEPS = (USUAL_STEPS - NOT_STEPS) | {"resubmit"}


def _very_restricted(sharing_request) -> bool:
    wanted = policy.current().information.second_approver_for
    return sharing_request.resource.information.sensitivity in wanted


SIGN_OFFS = (
    SignOffPart(
        code=SECOND,
        label=_("Second approval"),
        side=Side.OWNER,
        before="approve",
        permission=Permission.DECIDE,
        page="information-second",
        needed=_very_restricted,
    ),
)
# Whoever looks is the borrower's; both sides may end it, and only the system finds it unopened.
MAKERS = {
    "hand_over": {Side.BORROWER: Permission.ASK},
    "return": {Side.OWNER: Permission.DECIDE, Side.BORROWER: Permission.ASK},
    "no_show": {},
}
PAGES = {
    "approve": "information-decide",
    "resubmit": "information-again",
    "hand_over": "information-open",
    "return": "information-end",
    "cancel": "information-end",
    "cancel_by_owner": "information-end",
    "close": "information-review",
}

INFORMATION = register(
    WorkflowKind(
        code="information",
        finding_words=FINDING_WORDS,
        claim=Claim.QUANTITY,
        steps=STEPS,
        makers=MAKERS,
        sign_offs=SIGN_OFFS,
        changes=frozenset(),
        by_code=("hand_over", "close"),  # nobody ends an access by scanning
        state_labels={
            State.COUNTERED.value: _("Returned for changes"),
            State.APPROVED.value: _("Approved, not opened yet"),
            State.UNDERWAY.value: _("Access open"),
            State.FINISHED.value: _("Access ended, log to review"),
            State.NO_SHOW.value: _("Never opened"),
        },
        step_labels={
            "approve": _("Decide"),
            "counter": _("Return for changes"),
            "refuse_counter": _("Withdraw it"),
            "resubmit": _("Change and send again"),
            "hand_over": _("Open it"),
            "return": _("End the access"),
            "cancel": _("End the access"),
            "cancel_by_owner": _("End the access"),
            "close": _("Review the log"),
        },
        progress={
            State.UNDERWAY.value: pgettext_lazy("step", "Opened"),
            State.FINISHED.value: pgettext_lazy("step", "Ended"),
            State.CLOSED.value: pgettext_lazy("step", "Log reviewed"),
        },
        sides=replace(
            OF_A_LOAN,
            borrower=_("Reader"),
            given=_("shared with %(name)s"),
            taken=_("shared by %(name)s"),
            started=pgettext_lazy("step", "Opened for the first time"),
            ended=pgettext_lazy("step", "Access ended"),
        ),
        logged={
            "counter": pgettext_lazy("step", "Returned for changes"),
            "refuse_counter": pgettext_lazy("step", "Withdrawn after it was returned"),
            "hand_over": pgettext_lazy("step", "Opened for the first time"),
            "return": pgettext_lazy("step", "Access ended"),
            "no_show": pgettext_lazy("step", "Ended without being opened"),
            "close": pgettext_lazy("step", "Log reviewed and closed"),
            "resubmit": pgettext_lazy("step", "Sent again, changed"),
            "withdraw_consent": pgettext_lazy("step", "Consent withdrawn"),
            "break_glass": pgettext_lazy("step", "Glass broken"),
            "review_glass": pgettext_lazy("step", "Break-glass access reviewed"),
        },
        path="information",
        urls="scheduling.kinds.information.urls",
        pages=PAGES,
        detail_template="scheduling/information/detail.html",
        facts=access_facts,
        extent=extent,
        ask=ask_item,
        approve_whole=approve_whole,
        item_form="scheduling.kinds.information.forms.item.OfLooks",
        judge=judge,
        charge=free_of_charge,
        check_hours=lambda: policy.current().information.log_review_hours,
        notices=OF_STEPS,
    )
)
