"""Staff in the workflow: invited, booked, checked in, timesheet signed, hours confirmed."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal import policy
from medshare_portal.roles import Permission
from scheduling.kinds import USUAL_STEPS, SignOffPart, WorkflowKind, register
from scheduling.kinds.staff import (  # noqa: F401 – they register themselves
    guarantees,
    jobs,
    navigation,
    notices,
)
from scheduling.kinds.staff.actions.booking import agree, on_signed
from scheduling.kinds.staff.actions.invitations import (
    ask_item,
    asked_in_line,
    invited_again,
    on_step,
)
from scheduling.kinds.staff.costs import RELATED, confirmed_work
from scheduling.kinds.staff.instead import invite_instead, search_instead
from scheduling.kinds.staff.parts import HOME, HOST, PERSON
from scheduling.kinds.staff.queries.engagement import engagement_facts
from scheduling.kinds.staff.queries.facts import facts_of
from scheduling.kinds.staff.rules import RULES
from scheduling.kinds.staff.words import FINDING_WORDS, REASONS, TOPICS
from scheduling.side_words import OF_A_LOAN
from scheduling.states import Side, State

# Whoever decides, the person consents first: the city cannot answer for it.
NOT_STEPS = {"auto_approve", "approve_by_city", "counter", "accept_counter", "refuse_counter"}
ON_THE_WAY = {
    State.REQUESTED.value: _("Invited"),
    State.APPROVED.value: _("Booked"),
    State.UNDERWAY.value: _("At work"),
    State.FINISHED.value: _("Timesheet signed"),
    State.CLOSED.value: _("Hours confirmed"),
}
# STF-04: the person consents and the home employer agrees; the host answers for its credentialing.
SIGN_OFFS = (
    SignOffPart(code=PERSON, label=_("Consent of the person"), side=Side.OWNER, before="approve"),
    SignOffPart(
        code=HOME,
        label=_("Agreement of the home employer"),
        side=Side.OWNER,
        before="approve",
        permission=Permission.DECIDE,
        page="request-decide",
    ),
    SignOffPart(
        code=HOST,
        label=_("Credentialing by the host"),
        side=Side.BORROWER,
        before="approve",
        permission=Permission.DECIDE,
        page="staff-credentialing",
        series_page="staff-series-credentialing",
    ),
)

STAFF = register(
    WorkflowKind(
        code="staff",
        rules=RULES,
        rule_facts=facts_of,
        topics=TOPICS,
        finding_words=FINDING_WORDS,
        steps=USUAL_STEPS - NOT_STEPS,
        makers={
            "hand_over": {Side.BORROWER: Permission.HAND_OVER},
            "return": {Side.BORROWER: Permission.HAND_OVER},
        },
        changes=frozenset({"shortening", "recall"}),
        sign_offs=SIGN_OFFS,
        on_approve=agree,
        on_signed=on_signed,
        on_step=on_step,
        ask=ask_item,
        asked_in_line=asked_in_line,
        taken_codes=frozenset({"GEN-03", "STF-06"}),
        item_form="scheduling.kinds.staff.forms.item.OfShifts",
        used_at_delivery=True,
        terms_again=invited_again,  # three have agreed to the hours: others are agreed to anew
        charge=confirmed_work,
        charge_related=RELATED,
        state_labels=ON_THE_WAY | {State.NO_SHOW.value: _("Did not come")},
        step_labels={
            "approve": _("Agree or decline"),
            "hand_over": _("Check in"),
            "return": _("Sign the timesheet"),
            "close": _("Confirm the hours"),
            "no_show": _("Did not come"),
            "shortening": _("End early"),
            "recall": _("Call back"),
            "cancel": _("Cancel the shift"),
            "cancel_by_owner": _("Cancel the shift"),
        },
        reasons=REASONS,
        progress=ON_THE_WAY,
        sides=replace(
            OF_A_LOAN,
            owner=_("Home employer"),
            borrower=_("Host"),
            given=_("works at %(name)s"),
            taken=_("comes from %(name)s"),
            goes_to=_("Works at"),
            by_link=_("the person, by a link"),
            started=pgettext_lazy("step", "Checked in"),
            ended=_("Worked until"),
            leaves=_("Shift begins"),
            arrives=_("Shift begins"),
            comes_back=_("Shift ends"),
        ),
        logged={
            "approve": ON_THE_WAY[State.APPROVED.value],
            "hand_over": pgettext_lazy("step", "Checked in"),
            "return": ON_THE_WAY[State.FINISHED.value],
            "close": ON_THE_WAY[State.CLOSED.value],
            "no_show": _("Did not come"),
            "remind": pgettext_lazy("step", "Reminded of the invitation"),
        },
        notices={
            "hand_over": "staff-checked-in",
            "return": "staff-timesheet",
            "no_show": "staff-no-show",
            "overdue": "staff-overdue",
        },
        in_rounds="scheduling.kinds.staff.queries.in_rounds.StaffInRounds",
        path="staff",
        urls="scheduling.kinds.staff.urls",
        find_page="staff-need",
        place_page="staff-place",
        pages={
            "hand_over": "staff-check-in",
            "return": "staff-timesheet",
            "close": "staff-confirm",
        },
        search_instead=search_instead,
        ask_instead=invite_instead,
        check_hours=lambda: policy.current().staff.confirm_hours,
        detail_template="scheduling/staff/engagement.html",
        facts=engagement_facts,
    )
)
