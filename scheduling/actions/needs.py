"""Needs: post, amend, withdraw; another institution answers with a resource of its own."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.db.errors import violates
from medshare_portal.refusals import Refusal, StaleVersion
from medshare_portal.roles import Permission
from resources.enums import ResourceStatus
from scheduling import notices_needs
from scheduling.actions._lock import require
from scheduling.actions._need_terms import NeedTerms, check, columns
from scheduling.models import Need, NeedAmendment, NeedAnswer, NeedState
from scheduling.queries.need_matching import asked_for

AGAIN = frozenset({"within_km", "site"})  # a change of these may reach further institutions
BESIDE = frozenset({"within_km", "flexible_hours", "note"})  # two needs do not differ in these only


class TooManyNeeds(Refusal):
    message = _("Your institution has %(most)s open needs already. Withdraw some first.")

    def __init__(self, most: int):
        super().__init__(str(self.message) % {"most": most})


class PostedAlready(Refusal):
    message = _("Your institution has posted this already: %(reference)s. Amend that need instead.")

    def __init__(self, reference: str):
        super().__init__(str(self.message) % {"reference": reference})
        self.reference = reference


class NeedEnded(Refusal):
    message = _("This need has ended already.")


class NothingChanged(Refusal):
    message = _("Nothing was changed.")
    status = 422


class AnsweredAlready(Refusal):
    message = _("You have answered with this resource already.")


class AskedAlready(Refusal):
    """They ask for it, or have it: what is decided is the request."""

    message = _("They have asked for it already. Answer the request instead.")


class TakenBackAlready(Refusal):
    message = _("This answer has been taken back already.")


class CannotServe(Refusal):
    """The resource is of another kind, retired, or not the institution's."""

    message = _("Choose one of your own resources of this kind.")
    field = "resource"
    status = 422


class OwnNeed(Refusal):
    message = _("This need is your own.")
    status = 422


def post(
    *, institution, kind: str, what: str, terms: NeedTerms, by, now: datetime, category=None
) -> Need:
    """Post a need; those who could serve are told by a job.

    Raises NotYours, TimePast, TooFarAhead, PostedAlready, TooManyNeeds.
    """
    require(by=by, institution=institution, permission=Permission.ASK, kind=kind)
    check(terms, now)
    _check_new(institution, kind, category, what, terms)
    most = policy.current().needs.most_open
    if Need.objects.owned_by(institution).open().count() >= most:
        raise TooManyNeeds(most)
    need = Need.objects.create(
        institution=institution,
        kind=kind,
        category=category,
        what=what,
        created_at=now,
        created_by=by,
        expires_at=terms.ends,
        **columns(terms),
    )
    _record(need, "posted", by, now, {"priority": need.priority, "quantity": need.quantity})
    return need


def amend(*, need: Need, terms: NeedTerms, version: int, by, now: datetime) -> Need:
    """Other terms; what was there before is kept.  Raises NotYours, NeedEnded, StaleVersion,
    NothingChanged, TimePast, TooFarAhead."""
    require(by=by, institution=need.institution, permission=Permission.ASK, kind=need.kind)
    fresh = _locked(need)
    if fresh.version != version:
        raise StaleVersion
    check(terms, now, begun=terms.starts_at == fresh.starts_at)
    changes = {
        name: [_written(getattr(fresh, name)), _written(value)]
        for name, value in columns(terms).items()
        if getattr(fresh, name) != value
    }
    if not changes:
        raise NothingChanged
    NeedAmendment.objects.create(need=fresh, at=now, by=by, changes=changes)
    for name, value in columns(terms).items():
        setattr(fresh, name, value)
    fresh.expires_at, fresh.version = terms.ends, fresh.version + 1
    if AGAIN & set(changes):
        fresh.told_at = None
    fresh.save()
    notices_needs.tell_who_answered(fresh, now=now)
    _record(fresh, "amended", by, now, {"changed": sorted(changes)})
    return fresh


def withdraw(*, need: Need, by, now: datetime) -> Need:
    """Not needed any more.  Raises NotYours, NeedEnded."""
    require(by=by, institution=need.institution, permission=Permission.ASK, kind=need.kind)
    fresh = _locked(need)
    fresh.state, fresh.ended_at = NeedState.WITHDRAWN, now
    fresh.save()
    notices_needs.tell_who_answered(fresh, now=now)
    _record(fresh, "withdrawn", by, now)
    return fresh


def answer(*, need: Need, institution, resource, note: str, by, now: datetime) -> NeedAnswer:
    """'We can help': name a resource of one's own; who posted the need is told.

    Raises NotYours, NeedEnded, OwnNeed, CannotServe, AnsweredAlready.
    """
    require(by=by, institution=institution, permission=Permission.PUBLISH_OFFER, kind=need.kind)
    if institution.pk == need.institution_id:
        raise OwnNeed
    fresh = _locked(need)
    if (
        resource.institution_id != institution.pk
        or resource.kind != fresh.kind
        or resource.status == ResourceStatus.RETIRED
    ):
        raise CannotServe
    made = NeedAnswer(
        need=fresh,
        institution=institution,
        resource=resource,
        note=note,
        answered_at=now,
        answered_by=by,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        if violates(error, "answer_once_per_resource") or "need_id" in str(error):
            raise AnsweredAlready from error
        raise
    notices_needs.answered(made, now=now)
    audit.record(
        chains=[fresh.institution.slug, institution.slug],
        by=by,
        action="need.answered",
        obj=fresh,
        now=now,
        data={"what": fresh.what, "with": resource.code},
    )
    return made


def take_back(*, answer: NeedAnswer, by, now: datetime) -> None:
    """'We cannot help after all', while nothing was asked for; who posted the need is told.

    Raises NotYours, NeedEnded, AskedAlready, TakenBackAlready.
    """
    need, institution = answer.need, answer.institution
    require(by=by, institution=institution, permission=Permission.PUBLISH_OFFER, kind=need.kind)
    fresh = _locked(need)
    if asked_for(fresh, answer.resource):
        raise AskedAlready
    rows = NeedAnswer.objects.owned_by(institution).standing().filter(pk=answer.pk)
    if not rows.update(taken_back_at=now):
        raise TakenBackAlready
    notices_needs.taken_back(answer, now=now)
    audit.record(
        chains=[fresh.institution.slug, institution.slug],
        by=by,
        action="need.taken_back",
        obj=fresh,
        now=now,
        data={"what": fresh.what, "with": answer.resource.code},
    )


def _check_new(institution, kind: str, category, what: str, terms: NeedTerms) -> None:
    """The same for the same time is one need: who could serve is told once."""
    named = {"category": category} if category else {"category": None, "what": what}
    same = {name: value for name, value in columns(terms).items() if name not in BESIDE}
    rows = Need.objects.owned_by(institution).open().filter(kind=kind, **named, **same)
    alike = rows.order_by("pk").first()
    if alike is not None:
        raise PostedAlready(alike.reference)


def _written(value) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def _locked(need: Need) -> Need:
    """The need as it is now, under lock.  Raises NeedEnded."""
    rows = Need.objects.visible_to(need.institution).select_for_update(of=("self",))
    fresh = rows.get(pk=need.pk)
    if fresh.state != NeedState.OPEN:
        raise NeedEnded
    return fresh


def _record(need: Need, action: str, by, now: datetime, data: dict | None = None) -> None:
    audit.record(
        chains=[need.institution.slug],
        by=by,
        action=f"need.{action}",
        obj=need,
        now=now,
        data={"what": need.what} | (data or {}),
    )
