"""Send a basket: every line becomes a request, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.refusals import Refusal, StaleVersion
from resources.models import Resource
from scheduling import basket_notices
from scheduling.actions import requests
from scheduling.actions._basket import lock_basket
from scheduling.actions._lock import NotYours, lock_all
from scheduling.actions.basket_outcome import settle
from scheduling.actions.baskets import BasketFull, BasketSent, most_items
from scheduling.actions.lapses import lapse_holds
from scheduling.actions.needs_asked import from_need
from scheduling.basket_states import BasketState, Together
from scheduling.kinds import kinds
from scheduling.models import Basket, BasketLine, SharingRequest
from scheduling.queries.own_hold import own_hold


class NothingToSend(Refusal):
    message = _("There is nothing in the basket.")
    status = 422


class DeadlineWrong(Refusal):
    """All or nothing needs a moment by which everything is approved."""

    message = _("Choose a moment from now on, before the first use and within %(hours)s hours.")
    field = "deadline_at"
    status = 422


class LineWrong(Refusal):
    """What was typed cannot be asked for any more."""

    message = _("This line cannot be sent as it is. Change it or take it out.")
    status = 422


class RightGone(Refusal):
    """Who put the line in may not ask for it any more."""

    message = _("%(name)s may not ask for this any more. A colleague who may must put it in anew.")
    status = 409

    def __init__(self, name: str):
        super().__init__(str(self.message) % {"name": name})


class TooClose(Refusal):
    """Beside another line no unit of the same is left, buffers included."""

    message = _(
        "With set-up, transport and cleaning this meets another line for the same: all or nothing "
        "cannot come true. Change one of the two."
    )
    status = 409


class LinesRefused(Refusal):
    """Nothing was sent; ``refusals`` says why, by line."""

    message = _("Nothing was sent. See beside each line what stands in the way.")
    status = 409

    def __init__(self, refusals: Mapping[int, Refusal]):
        super().__init__()
        self.refusals = refusals


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A line and the terms that the form of its kind read from it (with a field ``basket``); no
    terms where it is wrong by now."""

    line: BasketLine
    resource: Resource
    terms: object | None


def send(
    *,
    basket: Basket,
    wanted: Sequence[Wanted],
    together: Together,
    version: int | None,
    by,
    now: datetime,
    message: str = "",
    deadline_at: datetime | None = None,
) -> Basket:
    """All lines or none; with ``Together.POSSIBLE`` those that can be sent, the others stay in a
    new draft.  Each line is asked for by who put it in, whose right counts.

    Locks every resource first, in the order of their keys, then the basket, then the chains.
    Raises LinesRefused, BasketFull, NothingToSend, BasketSent, StaleVersion, DeadlineWrong.
    """
    if len(wanted) > most_items():
        raise BasketFull(most_items())
    lock_all({one.resource.pk for one in wanted})
    for resource in {one.resource.pk: one.resource for one in wanted}.values():
        lapse_holds(now=now, resource=resource)
    draft = _own_draft(basket, wanted, version, by)
    if together == Together.ALL:
        _check_deadline(deadline_at, wanted, now)
    owners = {one.resource.institution.slug for one in wanted}
    audit.lock_chains(owners | {draft.borrower.slug})
    refused = _ask_all(draft, wanted, now, together=together)
    if refused and (together == Together.ALL or len(refused) == len(wanted)):
        raise LinesRefused(refused)
    _sent(
        draft,
        together=Together(together).value,
        message=message,
        deadline_at=deadline_at if together == Together.ALL else None,
        item_count=len(wanted) - len(refused),
        sent_at=now,
    )
    _keep(draft, refused, by, now)
    basket_notices.tell_of_the_others(draft, now=now)
    facts = {"items": draft.item_count, "together": draft.together}
    if any(one.line.added_by_id != by.pk for one in wanted):
        facts["put_in_by"] = ", ".join(sorted({str(one.line.added_by) for one in wanted}))
    audit.record(
        chains=[draft.borrower.slug], by=by, action="basket.send", obj=draft, now=now, data=facts
    )
    settle(draft, by=by, now=now)
    return draft


def _own_draft(basket: Basket, wanted, version, by) -> Basket:
    draft = lock_basket(basket.pk)
    if draft.state != BasketState.DRAFT or draft.created_by_id != by.pk:
        raise BasketSent
    lines = set(BasketLine.objects.of(draft).values_list("pk", flat=True))
    if not lines:
        raise NothingToSend
    if draft.version != version or lines != {one.line.pk for one in wanted}:
        raise StaleVersion
    return draft


def longest_wait() -> timedelta:
    return timedelta(hours=policy.current().basket.longest_hours)


def _check_deadline(deadline_at, wanted, now: datetime) -> None:
    latest = min([now + longest_wait(), *first_uses(one.terms for one in wanted)])
    if deadline_at is None or not now < deadline_at <= latest:
        hours = policy.current().basket.longest_hours
        raise DeadlineWrong(str(DeadlineWrong.message) % {"hours": f"{hours:g}"})


def first_uses(terms) -> list[datetime]:
    """When the items that claim time begin; what claims a quantity names no moment."""
    return [one.starts_at for one in terms if getattr(one, "starts_at", None) is not None]


def _ask_all(draft: Basket, wanted, now: datetime, *, together) -> dict[int, Refusal]:
    """Line → why not.  Each in a savepoint of its own, so that all findings are known at once."""
    refused, asked = {}, []
    for one in wanted:
        try:
            with transaction.atomic():
                made = _ask(one, draft, now)
                [number] = one.line.typed.get("need", [""])
                from_need(number=number, sharing_request=made, by=one.line.added_by, now=now)
                if together == Together.ALL:
                    _keep_apart(made, asked)
            asked.append(made)
        except NotYours:
            refused[one.line.pk] = RightGone(str(one.line.added_by))
        except Refusal as refusal:
            refused[one.line.pk] = refusal
    return refused


def _keep_apart(made: SharingRequest, others: Sequence[SharingRequest]) -> None:
    """Two that are too close cannot both be approved, and then nothing is.  Raises TooClose."""
    if made.blocked_from is None:
        return
    first, last = made.blocked_from, made.blocked_until
    same = [other for other in others if other.resource_id == made.resource_id]
    meeting = [other for other in same if other.blocked_from < last and other.blocked_until > first]
    points = [first, *(other.blocked_from for other in meeting if other.blocked_from > first)]
    peak = max(
        sum(other.units for other in meeting if other.blocked_from <= at < other.blocked_until)
        for at in points
    )
    if peak + made.units > made.resource.units:
        raise TooClose


def _ask(one: Wanted, draft: Basket, now: datetime) -> SharingRequest:
    by = one.line.added_by
    if not by.is_active:
        raise NotYours
    if one.terms is None:
        raise LineWrong
    kind = kinds[one.resource.kind]
    terms = replace(one.terms, basket=draft)
    if kind.ask is not None:
        return kind.ask(resource=one.resource, borrower=draft.borrower, terms=terms, by=by, now=now)
    return requests.ask(
        resource=one.resource,
        borrower=draft.borrower,
        terms=terms,
        by=by,
        now=now,
        hold=own_hold(one.resource, draft.borrower, wished=terms, by=by, now=now),
    )


def _sent(draft: Basket, **columns) -> None:
    columns |= {"state": BasketState.OPEN.value, "version": draft.version + 1}
    Basket.objects.drafts_of(draft.borrower, draft.created_by).filter(pk=draft.pk).update(**columns)
    for name, value in columns.items():
        setattr(draft, name, value)


def _keep(sent: Basket, refused: Mapping[int, Refusal], by, now: datetime) -> None:
    """What was sent is a request now; what was not waits in a draft of its own."""
    lines = BasketLine.objects.of(sent)
    lines.exclude(pk__in=refused).delete()
    if refused:
        draft = Basket.objects.drafts_of(sent.borrower, by).create(
            borrower=sent.borrower,
            created_by=by,
            created_at=now,
            shared_at=sent.shared_at,
            still_needed=sent.still_needed,
        )
        lines.update(basket=draft)
