"""What people are told about requests: one notice per step, to the side that should know."""

import zoneinfo

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_period
from medshare_portal.notices import Notice, notice, people_with, queue
from medshare_portal.roles import Permission
from scheduling.models import SharingRequest
from scheduling.states import Side, State

REASON = "a notice asks whether its request still waits"


class RequestNotice(Notice):
    """Base: ``to`` is the side that is told; ``states`` those in which it still matters."""

    to: tuple[Side, ...]
    states: tuple[State, ...] = ()

    @classmethod
    def url(cls, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:request-detail", args=[slug, notification.object_id])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        if not cls.states:
            return True
        rows = SharingRequest.objects.everywhere(reason=REASON)
        return rows.filter(pk=notification.object_id, state__in=cls.states).exists()


BY_STEP: dict[str, type[RequestNotice]] = {}


def _step(*names: str):
    """Register a notice for the steps of the workflow that cause it."""

    def register(cls):
        BY_STEP.update(dict.fromkeys(names, notice(cls)))
        return cls

    return register


OWNER, BORROWER, BOTH = (Side.OWNER,), (Side.BORROWER,), (Side.OWNER, Side.BORROWER)
BODY = _("%(resource)s, %(period)s. Lent by %(owner)s to %(borrower)s. %(text)s")


@_step("ask", "submit")
class Asked(RequestNotice):
    code, to, states = "request-asked", OWNER, (State.REQUESTED,)
    label = _("A request waits for our decision")
    subject = _("%(reference)s: %(borrower)s asks for %(resource)s")
    body = BODY


@_step("approve", "auto_approve")
class Approved(RequestNotice):
    code, to, states = "request-approved", BORROWER, (State.APPROVED, State.UNDERWAY)
    label = _("Our request was approved")
    subject = _("%(reference)s approved: %(resource)s")
    body = BODY


@_step("counter")
class Countered(RequestNotice):
    code, to, states = "request-countered", BORROWER, (State.COUNTERED,)
    label = _("A counter-offer waits for our answer")
    subject = _("%(reference)s: %(owner)s makes a counter-offer")
    body = BODY


@_step("accept_counter", "refuse_counter")
class CounterAnswered(RequestNotice):
    code, to = "counter-answered", OWNER
    label = _("Our counter-offer was answered")
    subject = _("%(reference)s: answer to your counter-offer – %(state)s")
    body = BODY


@_step("decline")
class Declined(RequestNotice):
    code, to = "request-declined", BORROWER
    label = _("Our request was declined")
    subject = _("%(reference)s declined: %(resource)s")
    body = BODY


@_step("withdraw")
class Withdrawn(RequestNotice):
    code, to = "request-withdrawn", OWNER
    label = _("A request to us was withdrawn")
    subject = _("%(reference)s was withdrawn by %(borrower)s")
    body = BODY


@_step("cancel", "cancel_by_owner")
class Cancelled(RequestNotice):
    code, to, urgent = "booking-cancelled", BOTH, True
    label = _("A booking was cancelled")
    subject = _("%(reference)s cancelled: %(resource)s")
    body = BODY


@_step("lapse")
class Lapsed(RequestNotice):
    code, to = "request-lapsed", BORROWER
    label = _("A request or counter-offer ran out unanswered")
    subject = _("%(reference)s ran out without an answer")
    body = BODY


@_step("no_show")
class NotCollected(RequestNotice):
    code, to = "booking-no-show", BOTH
    label = _("A booking was not collected")
    subject = _("%(reference)s was not collected")
    body = BODY


@_step("give_handover")
class ReceiptDue(RequestNotice):
    code, to, states = "handover-receipt", BORROWER, (State.APPROVED,)
    label = _("Confirm that you received a device")
    subject = _("%(reference)s: confirm that you received %(resource)s")
    body = BODY


@_step("give_return")
class ReturnReceiptDue(RequestNotice):
    code, to, states = "return-receipt", OWNER, (State.UNDERWAY,)
    label = _("Confirm that a device is back")
    subject = _("%(reference)s: confirm that %(resource)s is back")
    body = BODY


@_step("hand_over")
class HandedOver(RequestNotice):
    code, to = "handed-over", OWNER
    label = _("A device was received by the borrower")
    subject = _("%(reference)s: %(resource)s is in use at %(borrower)s")
    body = BODY


@_step("return")
class Returned(RequestNotice):
    code, to, states = "returned", OWNER, (State.FINISHED,)
    label = _("A device is back and must be checked")
    subject = _("%(reference)s: %(resource)s is back, check it")
    body = BODY


@_step("close")
class Closed(RequestNotice):
    code, to = "request-closed", BORROWER
    label = _("A share was closed")
    subject = _("%(reference)s is closed")
    body = BODY


@_step("ask_extension")
class ExtensionAsked(RequestNotice):
    code, to, states = "extension-asked", OWNER, (State.APPROVED, State.UNDERWAY)
    label = _("An extension waits for our answer")
    subject = _("%(reference)s: %(borrower)s asks for more time")
    body = BODY


@_step("extend", "refuse_extension")
class ExtensionAnswered(RequestNotice):
    code, to = "extension-answered", BORROWER
    label = _("Our extension was answered")
    subject = _("%(reference)s: answer to your extension, now %(period)s")
    body = BODY


@_step("recall")
class Recalled(RequestNotice):
    code, to, urgent = "recalled", BORROWER, True
    label = _("The owner recalls a device")
    subject = _("%(reference)s: %(owner)s recalls %(resource)s, now %(period)s")
    body = BODY


@_step("shortening")
class Shortened(RequestNotice):
    code, to = "shortened", OWNER
    label = _("A booking ends earlier")
    subject = _("%(reference)s ends earlier, now %(period)s")
    body = BODY


@notice
class Overdue(RequestNotice):
    code, to, states, urgent = "overdue", BOTH, (State.UNDERWAY,), True
    label = _("A device is overdue")
    subject = _("%(reference)s is overdue: %(resource)s was due back")
    body = BODY


@notice
class Threatened(RequestNotice):
    code, to, states, urgent = "booking-threatened", BORROWER, (State.APPROVED,), True
    label = _("Our booking is at risk because the device is overdue")
    subject = _("%(reference)s is at risk: %(resource)s is not back yet")
    body = BODY


@notice
class AnswerLate(RequestNotice):
    code, to, states = "answer-late", OWNER, (State.REQUESTED,)
    label = _("The time to answer a request is over")
    subject = _("%(reference)s: the time to answer is over")
    body = BODY


def tell(sharing_request, step: str, *, by, now, text: str = "") -> None:
    """Queue the notice of a step; steps without one (holds) tell nobody."""
    if step in BY_STEP and not (step in {"withdraw", "lapse"} and not sharing_request.submitted_at):
        send(
            BY_STEP[step],
            sharing_request,
            now=now,
            by=by,
            text=text,
            key=f"{step}:{sharing_request.version}",
        )


def send(notice_class, sharing_request, *, now, key: str, by=None, text: str = "") -> None:
    """Queue for the sides that ``notice_class`` names, but not to the person who acted."""
    context = _context(sharing_request, text)
    for side in notice_class.to:
        institution = sharing_request.owner if side == Side.OWNER else sharing_request.borrower
        people = [person for person in _people(sharing_request, side) if person != by]
        queue(
            notice_class,
            users=people,
            institution=institution,
            event_key=f"{notice_class.code}:{sharing_request.pk}:{key}",
            context=context,
            now=now,
            object_id=sharing_request.pk,
        )


def _people(sharing_request, side: Side) -> list:
    """Owner: all who decide.  Borrower: who asked, or all who may ask when that person left."""
    if side == Side.OWNER:
        return list(people_with(Permission.DECIDE, sharing_request.owner))
    if sharing_request.created_by.is_active:
        return [sharing_request.created_by]
    return list(people_with(Permission.ASK, sharing_request.borrower))


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
            context[f"period_{suffix}"] = _period(sharing_request)
    return context


def _period(sharing_request) -> str:
    if sharing_request.starts_at is None:
        return ""
    zone = zoneinfo.ZoneInfo(sharing_request.resource.site.time_zone)
    return describe_period(sharing_request.starts_at, sharing_request.ends_at, tz=zone)
