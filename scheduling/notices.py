"""What people are told about requests: one notice per step, to the side that should know."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import (
    Notice,
    keys_of_people_in,
    keys_of_people_with,
    queue_for,
    registry,
)
from medshare_portal.roles import Permission, Role
from scheduling.extent import extent
from scheduling.instead import links_instead
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.states import Side, State

REASON = "a notice asks whether its request still waits"
OWNER, BORROWER, BOTH = (Side.OWNER,), (Side.BORROWER,), (Side.OWNER, Side.BORROWER)
WIDE = (Role.COORDINATOR, Role.APPROVER)
BODY = _("%(resource)s, %(period)s. Lent by %(owner)s to %(borrower)s. %(text)s")


@dataclass(frozen=True)
class RequestNotice(Notice):
    """A row of the table: ``to`` are the sides that are told, ``steps`` the steps of the workflow
    that cause it, ``states`` those in which it still matters (none: always).  With ``instead`` it
    names what the borrower can have for the time that was lost.  ``owners``: who of the owner is
    told, those who decide if nothing else is said; ``borrowers``: who of the borrower, who asked
    if nothing is said.
    """

    code: str
    to: tuple[Side, ...]
    label: Promise
    subject: Promise
    steps: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    urgent: bool = False
    instead: bool = False
    owners: tuple[Permission, ...] = (Permission.DECIDE,)
    borrowers: tuple[Permission, ...] = ()
    body: Promise = BODY

    def url(self, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:request-detail", args=[slug, notification.object_id])

    def still_relevant(self, notification) -> bool:
        if not self.states:
            return True
        rows = SharingRequest.objects.everywhere(reason=REASON)
        return rows.filter(pk=notification.object_id, state__in=self.states).exists()


# In the order in which a person's preferences list them.
NOTICES = (
    RequestNotice(
        "request-asked", OWNER, _("A request waits for our decision"),
        _("%(reference)s: %(borrower)s asks for %(resource)s"),
        steps=("ask", "submit"), states=(State.REQUESTED,),
    ),
    RequestNotice(
        "request-approved", BORROWER, _("Our request was approved"),
        _("%(reference)s approved: %(resource)s"),
        steps=("approve", "auto_approve"), states=(State.APPROVED, State.UNDERWAY),
    ),
    RequestNotice(
        "request-countered", BORROWER, _("A counter-offer waits for our answer"),
        _("%(reference)s: %(owner)s makes a counter-offer"),
        steps=("counter",), states=(State.COUNTERED,),
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
        steps=("ask_extension",), states=(State.APPROVED, State.UNDERWAY),
    ),
    RequestNotice(
        "extension-answered", BORROWER, _("Our extension was answered"),
        _("%(reference)s: answer to your extension, now %(period)s"),
        steps=("extend", "refuse_extension"),
    ),
    RequestNotice(
        "extension-lapsed", BOTH, _("An extension ran out unanswered"),
        _("%(reference)s: more time ran out without an answer, the end stays %(period)s"),
        steps=("lapse_extension",),
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
        states=(State.APPROVED,), urgent=True,
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
        "answer-late", OWNER, _("The time to answer a request is over"),
        _("%(reference)s: the time to answer is over"),
        states=(State.REQUESTED,),
    ),
    RequestNotice(
        "extension-late", OWNER, _("The time to answer an extension is over"),
        _("%(reference)s: the time to answer the extension is over"),
        states=(State.APPROVED, State.UNDERWAY),
    ),
    RequestNotice(
        "check-late", OWNER, _("A check after return is late"),
        _("%(reference)s: the check of %(resource)s after its return is late"),
        states=(State.FINISHED,), owners=(Permission.POST_CHECK,),
    ),
)  # fmt: skip

BY_STEP = {step: row.code for row in NOTICES for step in row.steps}
for _row in NOTICES:
    registry.add(_row.code, _row)


def tell(sharing_request, step: str, *, by, now, text: str = "") -> None:
    """Queue the notice of a step; steps without one (holds) tell nobody."""
    code = kinds[sharing_request.kind].notices.get(step, BY_STEP.get(step))
    if code and not (step in {"withdraw", "lapse"} and not sharing_request.submitted_at):
        send(
            code,
            sharing_request,
            now=now,
            by=by,
            text=text,
            key=f"{step}:{sharing_request.version}",
        )


def send(
    code: str,
    sharing_request,
    *,
    now,
    key: str,
    by=None,
    text: str = "",
    wide: bool = False,
    facts: dict | None = None,
) -> None:
    """Queue for the sides that the notice names, but not to the person who acted; with ``wide``
    to all coordinators and approvers there as well.  ``facts``: what its words name beside
    (``until_en``, ``until_zh``)."""
    notice = registry[code]
    context = _context(sharing_request, text) | (facts or {})
    if notice.instead:
        context["links"] = links_instead(sharing_request, now=now)
    for side in notice.to:
        institution = sharing_request.owner if side == Side.OWNER else sharing_request.borrower
        acted = by.pk if by else None
        people = set(_people(sharing_request, side, notice))
        if wide:
            people.update(keys_of_people_in(WIDE, institution))
        queue_for(
            notice,
            people=sorted(people - {acted}),
            institution=institution,
            event_key=f"{code}:{sharing_request.pk}:{key}",
            context=context,
            now=now,
            object_id=sharing_request.pk,
        )


def _people(sharing_request, side: Side, notice: RequestNotice) -> list[int]:
    """Owner: all with the notice's permissions.  Borrower: likewise, or where it names none who
    asked, or all who may ask when that person left."""
    owner = side == Side.OWNER
    if not owner and not notice.borrowers and sharing_request.created_by.is_active:
        return [sharing_request.created_by_id]
    institution = sharing_request.owner if owner else sharing_request.borrower
    wanted = notice.owners if owner else notice.borrowers or (Permission.ASK,)
    found = (keys_of_people_with(one, institution, sharing_request.kind) for one in wanted)
    return [person for people in found for person in people]


def _context(sharing_request, text: str) -> dict:
    resource, owner, borrower = (
        sharing_request.resource,
        sharing_request.owner,
        sharing_request.borrower,
    )
    context = {
        "reference": sharing_request.reference,
        "text": text,
        "resource_en": f"{resource.name_en or resource.name_zh} {resource.code}",
        "resource_zh": f"{resource.name_zh or resource.name_en} {resource.code}",
        "owner_en": owner.name_en or owner.name_zh,
        "owner_zh": owner.name_zh or owner.name_en,
        "borrower_en": borrower.name_en or borrower.name_zh,
        "borrower_zh": borrower.name_zh or borrower.name_en,
    }
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            context[f"state_{suffix}"] = str(State(sharing_request.state).label)
            context[f"period_{suffix}"] = extent(sharing_request)
    return context
