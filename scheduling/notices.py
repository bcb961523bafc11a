"""Telling people about requests: one notice per step, to the side that should know."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from medshare_portal.bilingual import in_both
from medshare_portal.models.crisis import crisis_reference
from medshare_portal.notices import (
    keys_of_people_in,
    keys_of_people_with,
    queue_for,
    registry,
)
from medshare_portal.roles import Permission, Role
from scheduling import (
    city_notices,  # noqa: F401 – registers itself
    notices_together,
)
from scheduling.extent import extent
from scheduling.instead import links_instead
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.notice_table import BOTH, NOTICES, RequestNotice
from scheduling.states import Priority, Side, State
from scheduling.step_words import REASONS

NOT_YET_FINAL = {"request-approved", "approved-by-city"}  # a yes that a basket may still undo
WITH_REASON = {"request-declined", "booking-cancelled"}
WIDE = (Role.COORDINATOR, Role.APPROVER)

BY_STEP = {step: row.code for row in NOTICES for step in row.steps}
for _row in NOTICES:
    registry.add(_row.code, _row)


def tell(sharing_request, step: str, *, by, now, text: str = "") -> None:
    """Queue the notice of a step; steps without one (holds) tell nobody, and so does one that no
    longer matters in the request's state."""
    code = code_of(sharing_request, step)
    unsent = step in {"withdraw", "lapse"} and not sharing_request.submitted_at
    if code and not unsent and sharing_request.state in (registry[code].states or State):
        send(
            code,
            sharing_request,
            now=now,
            by=by,
            text=text,
            **_event(sharing_request, step, now),
        )


def code_of(sharing_request, step: str) -> str | None:
    """The notice of a step, the kind's own before that of all kinds."""
    return kinds[sharing_request.kind].notices.get(step, BY_STEP.get(step))


def _event(sharing_request, step: str, now) -> dict:
    """What is told once: a step of one request, or of all dates of a series that it moves at one
    moment, however many these are."""
    if sharing_request.series_id is None:
        return {"key": f"{step}:{sharing_request.version}"}
    return {"key": f"series {sharing_request.series_id}:{now.isoformat()}", "together": True}


def send(
    code: str,
    sharing_request,
    *,
    now,
    key: str,
    by=None,
    text: str = "",
    wide: bool = False,
    sides: tuple[Side, ...] = BOTH,
    facts: dict | None = None,
    together: bool = False,
) -> None:
    """Queue for the sides that the notice names (of them ``sides``), but not to the person who
    acted; with ``wide`` to all coordinators and approvers there as well.  ``facts``: what its
    words name beside (``until_en``, ``until_zh``).  ``together``: the key is that
    of several requests."""
    notice = registry[code]
    context = context_of(sharing_request, text) | (facts or {})
    if together:
        context |= notices_together.of_one(sharing_request)
    if code in NOT_YET_FINAL:
        context |= _of_basket(sharing_request)
    if code in WITH_REASON and (reason := REASONS.get(sharing_request.decision_code)):
        context |= in_both("note", lambda: _("Reason: %(reason)s.") % {"reason": reason})
    if notice.instead:
        context["links"] = links_instead(sharing_request, whole=notice.whole, now=now)
    for side in (side for side in notice.to if side in sides):
        institution = sharing_request.owner if side == Side.OWNER else sharing_request.borrower
        acted = by.pk if by else None
        people = set(people_of(sharing_request, side, notice))
        if wide:
            people.update(keys_of_people_in(WIDE, institution))
        queue_for(
            notice,
            people=sorted(people - {acted}),
            institution=institution,
            event_key=_event_key(code, sharing_request, key, together),
            context=context,
            now=now,
            object_id=sharing_request.pk,
        )
    if together:
        notices_together.add_date(f"{code}:{key}", sharing_request)


def of_series(sharing_request, key: str) -> dict:
    """What is told once of all dates of a series that are due at one moment: ``key`` names it."""
    if sharing_request.series_id is None:
        return {"key": key}
    return {"key": f"series {sharing_request.series_id}:{key}", "together": True}


def _event_key(code: str, sharing_request, key: str, together: bool) -> str:
    return f"{code}:{key}" if together else f"{code}:{sharing_request.pk}:{key}"


def send_to(
    code: str,
    sharing_request,
    *,
    people: list[int],
    institution,
    key: str,
    now,
    facts: dict | None = None,
    together: bool = False,
) -> None:
    """Queue for these people, as of one institution (None: the city); ``facts`` and ``together``
    as in send."""
    queue_for(
        registry[code],
        people=sorted(set(people)),
        institution=institution,
        event_key=_event_key(code, sharing_request, key, together),
        context=context_of(sharing_request, "")
        | notices_together.of_one(sharing_request)
        | (facts or {}),
        now=now,
        object_id=sharing_request.pk,
    )
    if together:
        notices_together.add_date(f"{code}:{key}", sharing_request)


def people_of(sharing_request, side: Side, notice: RequestNotice) -> list[int]:
    """Owner: all with the notice's permissions.  Borrower: likewise, or where it names none who
    asked, or all who may ask when that person left."""
    owner = side == Side.OWNER
    if not owner and not notice.borrowers and sharing_request.created_by.is_active:
        return [sharing_request.created_by_id]
    institution = sharing_request.owner if owner else sharing_request.borrower
    wanted = notice.owners if owner else notice.borrowers or (Permission.ASK,)
    found = (keys_of_people_with(one, institution, sharing_request.kind) for one in wanted)
    return [person for people in found for person in people]


def context_of(sharing_request, text: str) -> dict:
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
    context |= in_both("state", lambda: str(State(sharing_request.state).label))
    context |= in_both("mark", lambda: _mark(sharing_request))
    return context | in_both("period", lambda: _period(sharing_request))


def _mark(sharing_request) -> str:
    """Before the subject, as on its page: that an emergency waits, and that a crisis covers it."""
    marks = []
    if sharing_request.state in State.PENDING and sharing_request.priority == Priority.STAT:
        marks.append(str(Priority.STAT.label))
    if sharing_request.crisis_id:
        reference = crisis_reference(sharing_request.crisis_id)
        marks.append(_("Crisis %(reference)s") % {"reference": reference})
    return " · ".join(marks)


def marked(sharing_request, words: Callable[[], str]) -> dict[str, str]:
    """The marks of a request and one more."""
    return in_both("mark", lambda: " · ".join(filter(None, (_mark(sharing_request), words()))))


def _of_basket(sharing_request) -> dict:
    """Of an approved item of an all-or-nothing basket: that the yes is not the last word yet."""
    basket = sharing_request.basket if sharing_request.basket_id else None
    if basket is None or not basket.all_or_nothing or sharing_request.state != State.APPROVED:
        return {}
    items = SharingRequest.objects.borrowed_by(sharing_request.borrower).filter(basket=basket)
    waiting = items.exclude(pk=sharing_request.pk).exclude(state=State.APPROVED).count()
    if not waiting:
        return {}
    words = {"reference": basket.reference, "waiting": waiting, "items": basket.item_count}
    note = in_both("note", lambda: _of_half_a_basket() % words)
    mark = marked(sharing_request, lambda: _("Basket %(reference)s not complete yet") % words)
    return note | mark


def _of_half_a_basket() -> str:
    return _(
        "It belongs to the all-or-nothing basket %(reference)s: %(waiting)s of %(items)s items "
        "still wait, and nothing is handed over until all are approved."
    )


def _period(sharing_request) -> str:
    """When; of a series the dates that are told together stand here (``notices_together``)."""
    when = extent(sharing_request)
    return _("%(when)s (of a series)") % {"when": when} if sharing_request.series_id else when
