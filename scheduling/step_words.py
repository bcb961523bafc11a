"""What each step of a request is called once it has happened: history and audit trail alike."""

from django.utils.translation import gettext_lazy as _

from scheduling.basket_states import IN_A_BASKET
from scheduling.enums_information import EndReason
from scheduling.states import CancelReason, DeclineReason, LapseReason

STEPS = {
    "hold": _("Held while the form was filled"),
    "promise": _("Place offered from the wait-list"),
    "ask": _("Request sent"),
    "submit": _("Request sent"),
    "approve": _("Approved"),
    "approve_by_city": _("Approved by the city in the owner's place"),
    "object_to_city": _("The owner objects to the city's approval"),
    "auto_approve": _("Approved automatically by the offer's rule"),
    "counter": _("Counter-offer made"),
    "accept_counter": _("Counter-offer accepted"),
    "refuse_counter": _("Counter-offer refused"),
    "decline": _("Declined"),
    "withdraw": _("Withdrawn"),
    "lapse": _("Lapsed without an answer"),
    "cancel": _("Cancelled by the borrower"),
    "cancel_by_owner": _("Cancelled by the owner"),
    "release": _("Released with its basket"),
    "release_booking": _("Released with its basket"),
    "no_show": _("Not collected"),
    "pass_on": _("Passed on to a colleague"),
    "hand_over": _("Handed over and received"),
    "return": _("Returned and received"),
    "close": _("Checked and closed"),
    "give_handover": _("Handed over, receipt not yet confirmed"),
    "give_return": _("Given back, receipt not yet confirmed"),
    "ask_extension": _("More time asked"),
    "extend": _("More time agreed"),
    "refuse_extension": _("More time refused"),
    "report_fault": _("Fault reported in use"),
    "lapse_extension": _("More time lapsed without an answer; the end stays"),
    "recall": _("Recalled by the owner"),
    "shortening": _("Ends earlier"),
    "change_hours": _("Hours changed by the borrower"),
    "resubmit": _("Sent again"),
    "suspend": _("On hold"),
    "resume": _("Released"),
    "remind_late": _("Reminded: the time to answer is over"),
    "to_deputy": _("Still no answer: passed to the deputies and coordinators"),
    "to_head": _("Still no answer: passed to the head of the institution"),
    "to_city": _("Still no answer: passed to the city"),
    "city_reminds": _("The city reminded of the late answer"),
    "sign_off_given": _("Consent given"),
    "sign_off_refused": _("Consent refused"),
}
# Of what the portal gave back by itself the state alone would say that somebody withdrew it.
RELEASED = {
    IN_A_BASKET: _("Released with its basket"),
    CancelReason.UNUSED.value: _("Released, as unused"),
}
REASONS = {
    **dict(CancelReason.choices),
    **dict(DeclineReason.choices),
    **dict(EndReason.choices),
    **dict(LapseReason.choices),
    IN_A_BASKET: _("The all-or-nothing basket came to nothing"),
}


def released_words(sharing_request):
    """How it was released and why; None of what ended otherwise, or has not ended."""
    return RELEASED.get(sharing_request.decision_code)
