"""A basket over all kinds that two colleagues put together: a device and who runs it, the protocol
for it, and – from the pharmacist – what it consumes."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.world import Place, World
from medshare_portal.models import Code
from medshare_portal.roles import Role
from resources.models import Resource
from scheduling.actions import baskets
from scheduling.actions.basket_sending import Wanted, send
from scheduling.basket_states import Together
from scheduling.kinds.information.actions.asking import AccessTermsAsked, thought_of
from scheduling.kinds.information.queries.facts import terms_in_force
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.kinds.medicine.actions.asking import TransferTerms
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.kinds.staff.actions.invitations import Invitation
from scheduling.kinds.staff.facts import Asked
from scheduling.models import Basket, BasketLine, SharingRequest
from scheduling.queries.related import related_for_rules
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.rules import findings_for_request
from scheduling.states import State

MOST_LOOKED_AT = 60  # of each kind, until one passes every rule
NEEDED = ("Four packs of what the ward uses every day.", "病房日常用药四盒。")
MESSAGE = (
    "Six beds more for three days: a device, a nurse, medicine and the nursing standard.",
    "临时加开六张床位三天：设备、护士、药品和护理规范。",
)
PACKS = 4


class OfAllKinds:
    """``device`` and ``loan`` were found by the caller; of the other kinds the first that no rule
    says anything of is taken, or none."""

    def __init__(self, world: World, borrower: Place, *, now: datetime):
        self.world, self.borrower, self.now = world, borrower, now
        self.house = borrower.institution
        self.asker = borrower.people[Role.COORDINATOR][0]
        self.pharmacist = borrower.people[Role.PHARMACIST][0]
        self.site = borrower.sites[0]

    def said(self, words: tuple[str, str]) -> str:
        return words[self.borrower.speaks_chinese]

    def sent(self, device: Resource, loan) -> Basket:
        """Both put their part in, the coordinator sends it: all or nothing."""
        terms = {device.pk: loan}
        for found in (self._person(), self._protocol()):
            terms |= dict([found] if found else [])
        for key in terms:
            self._put(key, self.asker)
        draft = Basket.unscoped.get(created_by=self.asker, borrower=self.house, state="draft")
        draft = self.shared(draft)
        if packs := self._packs():
            terms |= dict([packs])
            self._put(packs[0], self.pharmacist)
            own = Basket.unscoped.get(created_by=self.pharmacist, state="draft")
            baskets.put_in(source=own, target=draft, by=self.pharmacist, now=self.now)
        return self._send(draft.pk, terms)

    def shared(self, draft: Basket) -> Basket:
        return baskets.share(
            basket=draft,
            still_needed=self.said(NEEDED),
            colleagues=[self.pharmacist],
            by=self.asker,
            now=self.now,
        )

    def _put(self, key: int, by) -> None:
        resource = Resource.unscoped.select_related("institution").get(pk=key)
        baskets.put(borrower=self.house, resource=resource, typed={}, by=by, now=self.now)

    def _send(self, key: int, terms: dict) -> Basket:
        basket = Basket.unscoped.select_related("borrower", "created_by").get(pk=key)
        lines = BasketLine.unscoped.filter(basket=basket).order_by("pk")
        return send(
            basket=basket,
            wanted=[
                Wanted(line=line, resource=line.resource, terms=terms[line.resource_id])
                for line in lines.select_related("resource__institution", "added_by")
            ],
            together=Together.ALL,
            version=basket.version,
            message=self.said(MESSAGE),
            deadline_at=(self.now + timedelta(hours=60)).replace(minute=0),
            by=self.asker,
            now=self.now,
        )

    def _others(self, kind: str) -> Iterator[Resource]:
        rows = Resource.objects.visible_to(self.house).filter(kind=kind)
        asked = SharingRequest.unscoped.filter(borrower=self.house, state__in=State.OPEN)
        rows = rows.exclude(pk__in=asked.values("resource"))
        rows = rows.exclude(institution=self.house).select_related(*related_for_rules(kind))
        yield from rows.order_by("pk")[:MOST_LOOKED_AT]

    def _packs(self) -> tuple[int, TransferTerms] | None:
        arrival = self.world.today + timedelta(days=1)
        for resource in self._others("medicine"):
            lot = facts.lot_of(resource)
            asked = {"quantity": PACKS, "arrival": arrival, "now": self.now}
            if not findings_of(facts.context_of(lot, self.house, **asked)):
                return resource.pk, TransferTerms(
                    quantity=PACKS,
                    expected_on=arrival,
                    purpose=self.said(NEEDED),
                    delivery_site=self.site,
                )
        return None

    def _protocol(self) -> tuple[int, AccessTermsAsked] | None:
        for resource in self._others("information"):
            terms = terms_in_force(resource, self.house)
            if terms is None:
                continue
            asked = AccessTermsAsked(
                purpose_of_use=terms.purposes[0],
                legal_basis=terms.legal_bases[0],
                recipient_role=terms.recipient_roles[0],
                scope=(),
                looks=3,
                until=self.now + timedelta(days=14),
                reason=self.said(MESSAGE),
                agreed=True,
            )
            wish = thought_of(resource, self.house, terms, asked, by=self.asker, now=self.now)
            if not findings_for_wish(wish):
                return resource.pk, asked
        return None

    def _person(self) -> tuple[int, Invitation] | None:
        zone = ZoneInfo(self.site.time_zone)
        day = self.world.today + timedelta(days=12)
        asked = Asked(
            break_minutes=30,
            specialty=Code.objects.get(system__slug="cn-clinical-specialty", code="28"),
            site=self.site,
        )
        for resource in self._others("staff"):
            for first in range(10):
                starts_at = datetime.combine(day + timedelta(days=first), time(8), zone)
                times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=8)}
                wish = Wish(resource=resource, borrower=self.house, asked=asked, **times)
                if not findings_for_request(context_of(wish, now=self.now)):
                    return resource.pk, Invitation(asked=asked, accepted={}, **times)
        return None
