"""Lots of medicines in a matching round."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import ngettext

from medshare_portal import policy
from medshare_portal.findings import Findings
from resources.enums_medicine import MovementSort
from resources.intervals import Interval
from resources.kinds.medicine.rules.lots import least_days_at_receipt
from resources.kinds.medicine.usability import day_at, usable_on
from resources.models import Resource, StockMovement
from resources.search import says
from scheduling.kinds.medicine.queries.facts import context_of, lot_of
from scheduling.kinds.medicine.queries.use_limits import use_limits
from scheduling.kinds.medicine.rules.transfers import (
    TransferContext,
    earliest_arrival,
    findings_of,
    is_recorded,
)
from scheduling.matching import problem as matcher
from scheduling.models import Need, Proposal, SharingRequest
from scheduling.queries.rounds import timed
from scheduling.queries.rounds.draft import Draft, reference
from scheduling.queries.rounds.meanings import NOBODY, UNCLEAR
from scheduling.queries.rounds.of_kind import RoundKind
from scheduling.queries.rounds.wanted import Wanted, of_request

REASON = "packs of an offer that nobody was promised; only their number comes out"
CENTS = 100


class MedicineInRounds(RoundKind):
    """A need says in words which medicine it is; the groups of the classification are too wide to
    mean one.  Where its words fit several items, it is left out: strength and form matter."""

    matcher = matcher.Kind.MEDICINE

    def draw(self, draft: Draft, needs: list[Need]) -> None:
        rows = timed.offered(draft, "medicine", ("medicine_lot",))
        items = _items_meant(draft, needs, rows)
        rows = [row for row in rows if row.medicine_lot.item_key in items.values()]
        of_item = {row.medicine_lot.item_key: row for row in reversed(rows)}
        draft.meant |= {pk: of_item[item] for pk, item in items.items() if item in of_item}
        for need in needs:
            if need.pk in items:
                draft.lists["medicine_needs"].append(_asked(draft, need, items[need.pk]))
        _draw_lots(draft, rows)
        _draw_use_limits(draft, needs, items, rows)

    def judge(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        return [findings_of(_wish(row, now)) for row in proposals]

    def judge_together(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        """Several lots of one medicine for one borrower are used one after the other (MED-08): each
        counts what the others bring that expires no later."""
        wishes = _one_after_the_other([_wish(row, now) for row in proposals])
        return [findings_of(wish) for wish in wishes]

    def typed(self, proposal: Proposal, *, site, now: datetime) -> dict[str, list[str]]:
        need = proposal.need
        values = {
            "quantity": proposal.quantity,
            "expected_on": expected_on(proposal, now).isoformat(),
            "delivery_site": site.pk,
            "priority": need.priority,
            "purpose": need.justification or need.note or need.name,
        }
        return {name: [str(value)] for name, value in values.items()}

    def again(
        self, sharing_request: SharingRequest, time: Interval | None, now: datetime
    ) -> Wanted:
        """The same medicine, by the same day or as soon as it can come."""
        lot, transfer = sharing_request.resource.medicine_lot, sharing_request.medicine_transfer
        zone = ZoneInfo(sharing_request.resource.site.time_zone)
        by = datetime.combine(transfer.expected_on, time_of_day.max, zone)
        return of_request(sharing_request, None, now=now, item=lot.item_key, needed_by=max(by, now))

    def tells(self, resource: Resource, now: datetime) -> list[str]:
        """How long the lot lasts."""
        expiry = resource.medicine_lot.expiry_date
        left = (expiry - day_at(now, resource.site.time_zone)).days
        words = ngettext("%(n)s day of life left", "%(n)s days of life left", left)
        return [words % {"n": left}]

    def reasons(self, given: dict[str, str]) -> dict[str, list[str]]:
        """One field for all of them."""
        return {"reason": ["; ".join(dict.fromkeys(given.values()))]} if given else {}


def _wish(row: Proposal, now: datetime) -> TransferContext:
    return context_of(
        lot_of(row.resource),
        row.borrower,
        quantity=row.quantity,
        arrival=expected_on(row, now),
        now=now,
    )


def _one_after_the_other(wishes: list[TransferContext]) -> list[TransferContext]:
    """Of equal dates the first in the list comes first."""
    before: dict[tuple[int, str], int] = defaultdict(int)
    judged = {}
    for at in sorted(range(len(wishes)), key=lambda at: (wishes[at].lot.expiry_date, at)):
        wish = wishes[at]
        who = wish.receiver.pk, wish.lot.item_key
        judged[at] = replace(wish, receiver_before=wish.receiver_before + before[who])
        before[who] += wish.quantity * wish.lot.pack_size
    return [judged[at] for at in range(len(wishes))]


def expected_on(proposal: Proposal, now: datetime):
    """The usual time of a transfer from today on."""
    today = day_at(now, proposal.resource.site.time_zone)
    return today + timedelta(days=int(policy.current().medicine.transit_days))


def _items_meant(draft: Draft, needs: list[Need], rows: list[Resource]) -> dict[int, str]:
    """Need → the item that its words name."""
    known = [(row.search_text, row.medicine_lot.item_key) for row in rows]
    found = {need.pk: draft.items[need.pk] for need in needs if need.pk in draft.items}
    for need in (need for need in needs if need.pk not in found):
        named = {item for text, item in known if says(text, need.what)}
        if len(named) == 1:
            found[need.pk] = named.pop()
        else:
            draft.left_out[need.pk] = UNCLEAR if named else NOBODY
    return found


def _asked(draft: Draft, need: Need, item: str) -> matcher.MedicineNeed:
    by = need.needed_by or need.starts_at
    return matcher.MedicineNeed(
        id=reference("N", need.pk),
        item=item,
        packs=draft.remaining[need.pk],
        by_day=max(draft.day(by.astimezone(draft.zone).date()), 0),
        minimum_life_days=int(policy.current().medicine.safety_days),
        **draft.about(need),
    )


def _draw_lots(draft: Draft, rows: list[Resource]) -> None:
    offers, groups = timed.offers_of(rows), draft.address(rows)
    promised = _promised([offer.pk for offer in offers.values()])
    for row in rows:
        offer, lot = offers.get(row.pk), row.medicine_lot
        today = day_at(draft.now, row.site.time_zone)
        if offer is None or offer.quantity is None or not usable_on(lot, today):
            continue
        waiting = sum(each.quantity for each in draft.standing.get(row.pk, ()))
        packs = min(offer.quantity - promised.get(offer.pk, 0), lot.free) - waiting
        if packs > 0:
            draft.lists["lots"].append(
                matcher.Lot(
                    id=reference("R", row.pk),
                    institution=row.institution.slug,
                    item=lot.item_key,
                    packs=packs,
                    expiry_day=draft.day(lot.expiry_date),
                    arrival_day=max(draft.day(earliest_arrival(today)), 0),
                    arrival_life_days=least_days_at_receipt(lot),
                    recorded=is_recorded(lot),
                    value_per_pack=int(lot.unit_cost * CENTS),
                    consortia=groups[row.pk],
                )
            )


def _draw_use_limits(draft: Draft, needs: list[Need], items: dict[int, str], rows) -> None:
    asked: dict[tuple[int, str], int] = {}
    for need in (need for need in needs if need.pk in items):
        who = need.institution_id, items[need.pk]
        asked[who] = max(asked.get(who, 0), draft.remaining[need.pk])
    draft.lists["use_limits"] += [
        matcher.UseLimit(draft.institutions[institution].slug, reference("R", lot), packs)
        for institution, lot, packs in use_limits(asked, rows, draft.now)
    ]


def _promised(offers: list[int]) -> dict[int, int]:
    """Offer → packs that are reserved under it."""
    moved = StockMovement.objects.everywhere(reason=REASON).filter(
        offer__in=offers, sort__in=(MovementSort.RESERVE, MovementSort.RELEASE)
    )
    return dict(moved.values_list("offer").annotate(packs=Sum("reserved_change")))
