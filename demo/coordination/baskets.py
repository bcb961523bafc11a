"""Baskets of the first institutions: a draft, one that waits, a complete and a released one.

Made by the portal's own actions: their logs, notices and audit trails are those of real ones.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from demo.coordination.basket_of_all_kinds import OfAllKinds
from demo.world import Device, Place, World
from medshare_portal.roles import Role
from resources.models import Resource
from scheduling.actions import decisions
from scheduling.actions.basket_sending import Wanted, send
from scheduling.actions.baskets import put
from scheduling.actions.requests import RequestTerms, wish_for
from scheduling.basket_states import Together
from scheduling.models import Basket, SharingRequest
from scheduling.queries.related import related_for_rules
from scheduling.queries.rule_facts import context_of, wish_of
from scheduling.rules import findings_for_request
from scheduling.states import DeclineReason

BORROWERS = 2  # the first institutions, whose people are the demo's
ITEMS = 3
DAYS = timedelta(days=3)
# What it is for: English, Chinese.
MESSAGES = (
    ("Three beds more in intensive care for three days.", "重症监护临时加开三张床位，为期三天。"),
    ("Our central monitoring is replaced.", "中央监护系统更换期间备用。"),
    ("A drill with a mass accident.", "批量伤员救治演练。"),
    ("The second theatre is opened for a week.", "第二手术间临时启用。"),
)


def make_baskets(world: World) -> None:
    for borrower in world.places[:BORROWERS]:
        stories = _Stories(world, borrower)
        stories.released()
        stories.complete()
        stories.possible()
        stories.waits()
        stories.of_all_kinds()
        stories.draft()


class _Stories:
    """One borrower; each story is about other days, so that none is in another's way."""

    def __init__(self, world: World, borrower: Place):
        self.world, self.borrower = world, borrower
        self.asker = borrower.people[Role.COORDINATOR][0]

    def before(self, hours: float) -> datetime:
        return self.world.moment - timedelta(hours=hours)

    def message(self, number: int) -> str:
        return MESSAGES[number][self.borrower.speaks_chinese]

    def released(self) -> None:
        """Sent four days ago; one owner said yes, another needed the device itself."""
        items = self._sent(0, day=9, ago=96, together=Together.ALL)
        self._approve(items[0], ago=90)
        self._decline(items[1], ago=80)

    def complete(self) -> None:
        """Sent three days ago and approved by everybody."""
        items = self._sent(1, day=13, ago=72, together=Together.ALL)
        for number, item in enumerate(items):
            self._approve(item, ago=60 - 5 * number)

    def possible(self) -> None:
        """What is possible: one said yes, one said no, one has not answered."""
        items = self._sent(2, day=17, ago=30, together=Together.POSSIBLE)
        self._approve(items[0], ago=20)
        self._decline(items[1], ago=10)

    def waits(self) -> None:
        """Sent some hours ago; one item is held, the others wait."""
        items = self._sent(3, day=21, ago=6, together=Together.ALL)
        self._approve(items[0], ago=3)

    def of_all_kinds(self) -> None:
        """A device, who runs it, its protocol and consumables: put together by two colleagues."""
        now, terms = self.before(3), self._terms(12, 0)
        for device in self._free(terms, 1, now):
            OfAllKinds(self.world, self.borrower, now=now).sent(device, terms)

    def draft(self) -> None:
        """Two devices that nobody has been asked for yet; a colleague is asked for the rest."""
        terms = self._terms(25, 0)
        zone = ZoneInfo(self.borrower.sites[0].time_zone)
        for resource in self._free(terms, 2, self.before(1)):
            typed = {
                "starts_at": f"{terms.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
                "ends_at": f"{terms.ends_at.astimezone(zone):%Y-%m-%dT%H:%M}",
                "units": "1",
                "priority": terms.priority,
                "mode": "loan",
                "purpose": self.message(0),
                "delivery_site": str(self.borrower.sites[0].pk),
                "transport": "borrower",
                "agreement_accepted": "on",
            }
            self._put(resource, {name: [value] for name, value in typed.items()}, ago=1)
        if own := Basket.unscoped.filter(created_by=self.asker, state="draft").first():
            OfAllKinds(self.world, self.borrower, now=self.before(1)).shared(own)

    def _terms(self, day: int, number: int) -> RequestTerms:
        """Three days from eight in the morning."""
        zone = ZoneInfo(self.borrower.sites[0].time_zone)
        first = datetime.combine(self.world.today + timedelta(days=day), datetime.min.time(), zone)
        starts_at = first.replace(hour=8)
        return RequestTerms(
            starts_at=starts_at,
            ends_at=starts_at + DAYS,
            purpose=self.message(number),
            delivery_site=self.borrower.sites[0],
            agreement_accepted=True,
        )

    def _sent(self, number: int, *, day: int, ago: float, together: Together) -> list:
        """The items of a basket that was sent so many hours ago."""
        terms, now = self._terms(day, number), self.before(ago)
        resources = self._free(terms, ITEMS, now)
        lines = [self._put(resource, {}, ago=ago) for resource in resources]
        until = (now + timedelta(hours=60)).replace(minute=0)
        basket = Basket.unscoped.select_related("borrower", "created_by").get(pk=lines[0].basket_id)
        sent = send(
            basket=basket,
            wanted=[
                Wanted(line=line, resource=resource, terms=terms)
                for line, resource in zip(lines, resources, strict=True)
            ],
            together=together,
            version=basket.version,
            message=self.message(number),
            deadline_at=until if together == Together.ALL else None,
            by=self.asker,
            now=now,
        )
        return list(SharingRequest.unscoped.filter(basket=sent).order_by("pk"))

    def _put(self, resource: Resource, typed: dict, *, ago: float):
        return put(
            borrower=self.borrower.institution,
            resource=resource,
            typed=typed,
            by=self.asker,
            now=self.before(ago),
        )

    def _free(self, terms: RequestTerms, number: int, now: datetime) -> list[Resource]:
        """One device of each of the next owners, of which no rule says anything."""
        found: dict[int, Resource] = {}
        for device in self._others():
            owner = device.place.institution.pk
            if len(found) < number and owner not in found and self._is_free(device, terms, now):
                found[owner] = self._resource(device)
        return list(found.values())

    def _others(self) -> Iterator[Device]:
        for device in self.world.devices:
            for_all = device.readers is None and device.offer is not None
            quiet = for_all and not device.in_scene and device.offer.auto_approval == "never"
            if quiet and device.place is not self.borrower and device.detail.loan:
                yield device

    def _resource(self, device: Device) -> Resource:
        rows = Resource.unscoped.select_related(*related_for_rules("equipment"))
        return rows.get(pk=device.resource.pk)

    def _is_free(self, device: Device, terms: RequestTerms, now: datetime) -> bool:
        wish = wish_for(self._resource(device), self.borrower.institution, terms, None)
        return not findings_for_request(context_of(wish, now=now))

    def _place_of(self, item: SharingRequest) -> Place:
        return next(p for p in self.world.places if p.institution.pk == item.owner_id)

    def _approve(self, item: SharingRequest, *, ago: float) -> None:
        place, now = self._place_of(item), self.before(ago)
        warnings = findings_for_request(context_of(wish_of(item), now=now)).warnings
        reason = "已与科室确认。" if place.speaks_chinese else "Settled with the department."
        decisions.approve(
            sharing_request=item,
            by=place.people[Role.APPROVER][0],
            now=now,
            accepted={finding.code: reason for finding in warnings},
        )

    def _decline(self, item: SharingRequest, *, ago: float) -> None:
        decisions.decline(
            sharing_request=item,
            by=self._place_of(item).people[Role.APPROVER][0],
            now=self.before(ago),
            reason_code=DeclineReason.OWN_NEED,
            text="我院届时自用。" if self._place_of(item).speaks_chinese else "We need it then.",
        )
