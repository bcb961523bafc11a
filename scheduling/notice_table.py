"""What people are told about requests, as a table: one row per notice."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice
from medshare_portal.roles import Permission
from scheduling.answer_links import CONSENT, EXTENSION, links_for
from scheduling.models import SharingRequest
from scheduling.queries.outages import is_out_of_order
from scheduling.states import Side, State

REASON = "a notice asks whether its request still waits"
OWNER, BORROWER, BOTH = (Side.OWNER,), (Side.BORROWER,), (Side.OWNER, Side.BORROWER)
BODY = _("%(resource)s, %(period)s. Lent by %(owner)s to %(borrower)s. %(text)s")


@dataclass(frozen=True)
class RequestNotice(Notice):
    """A row of the table: ``to`` are the sides that are told, ``steps`` the steps of the workflow
    that cause it, ``states`` those in which it still matters (none: always).  With ``instead`` it
    names what the borrower can have for the time that was lost, with ``whole`` for all of its
    time.  ``owners``: who of the owner is told, those who decide if nothing else is said;
    ``borrowers``: who of the borrower, who asked if nothing is said.  ``down``: it matters while
    the device is out of order (True), or works (False).
    """

    code: str
    to: tuple[Side, ...]
    label: Promise
    subject: Promise
    steps: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    urgent: bool = False
    instead: bool = False
    whole: bool = False
    down: bool | None = None
    owners: tuple[Permission, ...] = (Permission.DECIDE,)
    borrowers: tuple[Permission, ...] = ()
    body: Promise = BODY
    answer: str = ""  # the step by which it is answered, for the signed link in the e-mail

    def mail_links(self, notification) -> list[dict]:
        """Links to pages that ask and act on their form only; none for who may not answer."""
        if not self.answer or notification.institution is None:
            return []
        rows = SharingRequest.objects.everywhere(reason=REASON)
        found = rows.filter(pk=notification.object_id, state__in=self.states).first()
        return links_for(self.answer, found, notification) if found else []

    def url(self, notification) -> str:
        if notification.institution is None:
            return reverse("city:late")  # only what comes up to the city is told there
        slug = notification.institution.slug
        return reverse("scheduling:request-detail", args=[slug, notification.object_id])

    def still_relevant(self, notification) -> bool:
        if not self.states:
            return True
        rows = SharingRequest.objects.everywhere(reason=REASON).select_related("resource")
        found = rows.filter(pk=notification.object_id, state__in=self.states).first()
        if found is None or self.down is None:
            return found is not None
        return is_out_of_order(found.resource) == self.down


# In the order in which a person's preferences list them.
NOTICES = (
    RequestNotice(
        "request-asked", OWNER, _("A request waits for our decision"),
        _("%(reference)s: %(borrower)s asks for %(resource)s"),
        steps=("ask", "submit"), states=(State.REQUESTED,), answer="approve",
    ),
    RequestNotice(
        "request-approved", BORROWER, _("Our request was approved"),
        _("%(reference)s approved: %(resource)s"),
        steps=("approve", "auto_approve"), states=(State.APPROVED, State.UNDERWAY),
    ),
    RequestNotice(
        "approved-by-city", BOTH, _("The city approved a request in the owner's place"),
        _("%(reference)s: approved by the city in the place of %(owner)s, %(resource)s"),
        steps=("approve_by_city",), states=(State.APPROVED, State.UNDERWAY), urgent=True,
    ),
    RequestNotice(
        "request-countered", BORROWER, _("A counter-offer waits for our answer"),
        _("%(reference)s: %(owner)s makes a counter-offer"),
        steps=("counter",), states=(State.COUNTERED,), answer="accept_counter",
    ),
    RequestNotice(
        "counter-answered", OWNER, _("Our counter-offer was answered"),
        _("%(reference)s: answer to your counter-offer – %(state)s"),
        steps=("accept_counter", "refuse_counter"),
    ),
    RequestNotice(
        "request-declined", BORROWER, _("Our request was declined"),
        _("%(reference)s declined: %(resource)s"),
        steps=("decline",),
    ),
    RequestNotice(
        "request-withdrawn", OWNER, _("A request to us was withdrawn"),
        _("%(reference)s was withdrawn by %(borrower)s"),
        steps=("withdraw",),
    ),
    RequestNotice(
        "booking-cancelled", BOTH, _("A booking was cancelled"),
        _("%(reference)s cancelled: %(resource)s"),
        steps=("cancel", "cancel_by_owner"), urgent=True,
    ),
    RequestNotice(
        "request-lapsed", BORROWER, _("A request or counter-offer ran out unanswered"),
        _("%(reference)s ran out without an answer"),
        steps=("lapse",),
    ),
    RequestNotice(
        "basket-item-complete", OWNER, _("The basket of a booking of ours is complete"),
        _("%(reference)s: its basket is complete, it may be handed over"),
        states=(State.APPROVED,),
    ),
    RequestNotice(
        "basket-item-released", OWNER, _("A request to us was released with its basket"),
        _("%(reference)s was released: its all-or-nothing basket came to nothing"),
        steps=("release", "release_booking"), urgent=True,
    ),
    RequestNotice(
        "booking-no-show", BOTH, _("A booking was not collected"),
        _("%(reference)s was not collected"),
        steps=("no_show",),
    ),
    RequestNotice(
        "handover-receipt", BORROWER, _("Confirm that you received a device"),
        _("%(reference)s: confirm that you received %(resource)s"),
        steps=("give_handover",), states=(State.APPROVED,),
    ),
    RequestNotice(
        "return-receipt", OWNER, _("Confirm that a device is back"),
        _("%(reference)s: confirm that %(resource)s is back"),
        steps=("give_return",), states=(State.UNDERWAY,),
    ),
    RequestNotice(
        "handed-over", OWNER, _("A device was received by the borrower"),
        _("%(reference)s: %(resource)s is in use at %(borrower)s"),
        steps=("hand_over",),
    ),
    RequestNotice(
        "returned", OWNER, _("A device is back and must be checked"),
        _("%(reference)s: %(resource)s is back, check it"),
        steps=("return",), states=(State.FINISHED,),
        owners=(Permission.DECIDE, Permission.POST_CHECK),
    ),
    RequestNotice(
        "request-closed", BORROWER, _("A share was closed"),
        _("%(reference)s is closed"),
        steps=("close",),
    ),
    RequestNotice(
        "extension-asked", OWNER, _("An extension waits for our answer"),
        _("%(reference)s: %(borrower)s asks for more time"),
        steps=("ask_extension",), states=(State.APPROVED, State.UNDERWAY), answer=EXTENSION,
    ),
    RequestNotice(
        "extension-agreed", BORROWER, _("More time was agreed for us"),
        _("%(reference)s: more time agreed, now %(period)s"),
        steps=("extend",),
    ),
    RequestNotice(
        "extension-refused", BORROWER, _("More time was refused to us"),
        _("%(reference)s: more time refused, it stays %(period)s"),
        steps=("refuse_extension",),
    ),
    RequestNotice(
        "extension-lapsed", BOTH, _("An extension ran out unanswered"),
        _("%(reference)s: more time ran out without an answer, it stays %(period)s"),
        steps=("lapse_extension",), states=(State.APPROVED, State.UNDERWAY),
    ),
    RequestNotice(
        "recalled", BORROWER, _("The owner recalls a device"),
        _("%(reference)s: %(owner)s recalls %(resource)s, now %(period)s"),
        steps=("recall",), urgent=True, instead=True,
    ),
    RequestNotice(
        "shortened", OWNER, _("A booking ends earlier"),
        _("%(reference)s ends earlier, now %(period)s"),
        steps=("shortening",),
    ),
    RequestNotice(
        "hours-changed", OWNER, _("The borrower changes the hours of a series"),
        _("%(reference)s has other hours, now %(period)s"),
        steps=("change_hours",), states=(State.REQUESTED, State.APPROVED),
    ),
    RequestNotice(
        "fault-reported", OWNER, _("The borrower reports a fault of our device"),
        _("%(reference)s: fault of %(resource)s at %(borrower)s, now out of order"),
        steps=("report_fault",), urgent=True, owners=(Permission.DECIDE, Permission.POST_CHECK),
    ),
    RequestNotice(
        "overdue", BOTH, _("A device is overdue"),
        _("%(reference)s is overdue: %(resource)s was due back"),
        states=(State.UNDERWAY,), urgent=True,
    ),
    RequestNotice(
        "booking-at-risk", BORROWER, _("Our booking is at risk because the device is overdue"),
        _("%(reference)s is at risk: %(resource)s is not back yet"),
        states=(State.APPROVED,), urgent=True, instead=True, whole=True,
    ),
    RequestNotice(
        "time-crossed", BORROWER, _("A longer use would take the time that we asked for"),
        _("%(reference)s: somebody asks to keep %(resource)s into the time that you asked for"),
        states=(State.REQUESTED,), instead=True, whole=True,
    ),
    RequestNotice(
        "time-taken", BORROWER, _("A longer use has taken the time that we asked for"),
        _("%(reference)s: %(resource)s is kept longer, into the time that you asked for"),
        states=(State.REQUESTED,), urgent=True, instead=True, whole=True,
    ),
    RequestNotice(
        "request-on-hold", BOTH, _("A request or booking is on hold"),
        _("%(reference)s is on hold: %(resource)s"),
        steps=("suspend",), urgent=True,
    ),
    RequestNotice(
        "request-released", BOTH, _("A request or booking is no longer on hold"),
        _("%(reference)s is no longer on hold: %(resource)s"),
        steps=("resume",),
    ),
    RequestNotice(
        "consent-answered", BOTH, _("A consent to a request was given or refused"),
        _("%(reference)s: a consent was given or refused"),
        steps=("sign_off_given", "sign_off_refused"),
    ),
    RequestNotice(
        "device-down", BOTH, _("The device of a booking is out of order"),
        _("%(reference)s: %(resource)s is out of order"),
        states=(State.APPROVED, State.UNDERWAY), urgent=True, down=True,
    ),
    RequestNotice(
        "device-back", BOTH, _("The device of a booking works again"),
        _("%(reference)s: %(resource)s works again"),
        states=(State.APPROVED, State.UNDERWAY), urgent=True, down=False,
    ),
    RequestNotice(
        "answer-late", OWNER, _("The time to answer a request is over"),
        _("%(reference)s: the time to answer is over"),
        states=(State.REQUESTED,), answer="approve",
    ),
    RequestNotice(
        "answer-soon", OWNER, _("A request to us is about to run out"),
        _("%(reference)s: the request of %(borrower)s runs out when its time begins"),
        states=(State.REQUESTED,), answer="approve",
    ),
    RequestNotice(
        "counter-soon", BORROWER, _("A counter-offer to us is about to run out"),
        _("%(reference)s: the counter-offer of %(owner)s is about to run out"),
        states=(State.COUNTERED,), answer="accept_counter",
    ),
    RequestNotice(
        "extension-soon", OWNER, _("A request for more time is about to run out"),
        _("%(reference)s: the request for more time is about to run out"),
        states=(State.APPROVED, State.UNDERWAY), answer=EXTENSION,
    ),
    RequestNotice(
        "extension-late", OWNER, _("The time to answer an extension is over"),
        _("%(reference)s: the time to answer the extension is over"),
        states=(State.APPROVED, State.UNDERWAY), answer=EXTENSION,
    ),
    RequestNotice(
        "check-late", OWNER, _("A check after return is late"),
        _("%(reference)s: the check of %(resource)s after its return is late"),
        states=(State.FINISHED,), owners=(Permission.POST_CHECK,),
    ),
    RequestNotice(
        "consent-late", BOTH, _("The time to consent to a request is over"),
        _("%(reference)s: the time to consent is over"),
        states=(State.REQUESTED, State.APPROVED), answer=CONSENT,
    ),
    RequestNotice(
        "city-reminds", (), _("The city reminds us of a late answer"),
        _("%(reference)s: the city reminds you that an answer is long overdue"),
        states=(State.REQUESTED, State.APPROVED, State.UNDERWAY, State.FINISHED), urgent=True,
    ),
    RequestNotice(
        "answer-at-city", (), _("An institution has not answered, nor has its head"),
        _("%(reference)s: %(owner)s and %(borrower)s, an answer is long overdue"),
        states=(State.REQUESTED, State.APPROVED, State.UNDERWAY, State.FINISHED),
    ),
)  # fmt: skip
