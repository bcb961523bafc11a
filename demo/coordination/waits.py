"""The wait-list and the needs of the demo city, made by the portal's own actions.

Renhe waits for a device that is booked, has a place offered, waited in vain once; Dongbei waits for
anything near.  Needs stand open, answered, met by a request, and not met in time.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from demo.world import Place, World
from medshare_portal.roles import Role
from resources.models import Category, Resource
from scheduling.actions import decisions, needs, needs_alone, promises, requests, waitlist
from scheduling.actions.needs import NeedTerms
from scheduling.actions.requests import RequestTerms
from scheduling.kinds.staff.facts import Asked
from scheduling.models import Need, SharingRequest
from scheduling.queries.free_search import search_free
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode
from scheduling.states import Priority, State

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PURPOSES = (
    ("Ours is in repair until the end of the month.", "本院设备维修至月底。"),
    ("More patients on the ward than planned.", "病区患者多于预期。"),
)
URGENT = (
    "The last one of ours failed this morning; two operations wait.",
    "本院最后一台今晨故障，两台手术待做。",
)
SHIFTS = ("Two colleagues of the ward are ill.", "病区两位同事病假。")
WORKS = ("With a trolley and a battery for transport.", "需带台车和转运电池。")


def make_waits(world: World) -> None:
    renhe, dongbei = world.place("renhe"), world.place("dongbei")
    scene = _Scene(world, renhe, dongbei)
    scene.waited_in_vain()
    scene.place_offered()
    scene.waits_for_one()
    scene.waits_for_any()
    scene.waits_for_people()
    scene.person_offered()
    scene.needs_ended()
    scene.need_met()
    scene.needs_open()
    needs_alone.tell(now=world.moment)


def _last_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Eight o'clock: people plan by the working day."""
    local = now.astimezone(zone).replace(hour=8, minute=0, second=0, microsecond=0)
    return local if local <= now else local - DAY


class _Scene:
    """Two hospitals and the moment of the demo."""

    def __init__(self, world: World, renhe: Place, dongbei: Place):
        self.now: datetime = world.moment
        self.hour = _last_morning(self.now, ZoneInfo(renhe.sites[0].time_zone))
        self.places = world.places
        self.renhe, self.dongbei = renhe, dongbei

    def _place_of(self, resource: Resource) -> Place:
        found = (p for p in self.places if p.institution.pk == resource.institution_id)
        return next(found)

    def _shareable(self):
        return Category.objects.filter(kind="equipment", shareable=True, children=None)

    def _booked_by_others(self, *waiting: Place) -> SharingRequest:
        """A booking to come of a single device, of and by somebody else."""
        ours = [place.institution for place in waiting]
        rows = SharingRequest.unscoped.filter(
            kind="equipment",
            state=State.APPROVED,
            starts_at__gt=self.now + DAY,
            exclusive=True,
            resource__status="listed",
            resource__visibility="all",
        )
        rows = rows.exclude(borrower__in=ours).exclude(owner__in=ours)
        return rows.select_related("resource").order_by("starts_at", "pk").first()

    def _free(
        self, place: Place, first: timedelta, last: timedelta, kind: str = "equipment", asked=None
    ) -> Resource | None:
        """One of another that is free for the whole time and against which no rule speaks."""
        span = {"starts_at": self.hour + first, "ends_at": self.hour + last}
        found = search_free(institution=place.institution, now=self.now, kind=kind, **span)
        for one in found:
            fields = {"mode": default_mode(one.resource), "asked": asked} | span
            wish = Wish(resource=one.resource, borrower=place.institution, **fields)
            if one.is_full and not findings_for_request(context_of(wish, now=self.now)):
                return one.resource
        return None

    def _who(self, place: Place) -> dict:
        return {"borrower": place.institution, "by": place.people[Role.COORDINATOR][0]}

    def _words(self, place: Place, texts: tuple[str, str]) -> str:
        return texts[place.speaks_chinese]

    def waited_in_vain(self) -> None:
        """Nothing came free in the days that are over."""
        booking = self._booked_by_others(self.renhe)
        waitlist.join(
            **self._who(self.renhe),
            resource=booking.resource,
            starts_at=self.hour - 2 * DAY,
            ends_at=self.hour - DAY,
            length=12 * HOUR,
            purpose=self._words(self.renhe, PURPOSES[1]),
            now=self.now - 4 * DAY,
        )
        promises.expire(now=self.now - DAY)

    def place_offered(self) -> None:
        """Time that is free this minute goes to whoever stands in line for it."""
        for place, texts in ((self.renhe, PURPOSES[0]), (self.dongbei, PURPOSES[1])):
            free = self._free(place, 3 * DAY, 5 * DAY)
            if free is None:
                continue
            waitlist.join(
                **self._who(place),
                resource=free,
                starts_at=self.hour + 3 * DAY,
                ends_at=self.hour + 5 * DAY,
                length=DAY,
                purpose=self._words(place, texts),
                site=place.sites[0],
                now=self.now - HOUR,
            )
        promises.offer_freed(now=self.now - HOUR / 4)

    def waits_for_one(self) -> None:
        """Two in one line, so that the place is a number: the urgent one is before the other."""
        booking = self._booked_by_others(self.renhe, self.dongbei)
        for place, priority in ((self.renhe, Priority.ROUTINE), (self.dongbei, Priority.URGENT)):
            waitlist.join(
                **self._who(place),
                resource=booking.resource,
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                priority=priority,
                purpose=self._words(place, PURPOSES[0]),
                now=self.now - 20 * HOUR,
            )

    def waits_for_any(self) -> None:
        known = Resource.unscoped.filter(kind="equipment").values("category")
        category = self._shareable().exclude(pk__in=known).order_by("-path").first()
        for place in (self.renhe, self.dongbei):
            waitlist.join(
                **self._who(place),
                category=category,
                site=place.sites[0],
                within_km=10,
                starts_at=self.hour + 6 * DAY,
                ends_at=self.hour + 9 * DAY,
                length=2 * DAY,
                purpose=self._words(place, PURPOSES[1]),
                now=self.now - 5 * HOUR,
            )

    def waits_for_people(self) -> None:
        """For any nurse: whoever is offered quiet hours then is offered as a place."""
        nurses = Category.objects.filter(
            kind="staff", resources__staff_member__licence_kind="nurse"
        )
        category = nurses.order_by("path", "pk").first()
        for place in (self.renhe, self.dongbei):
            waitlist.join(
                borrower=place.institution,
                by=place.people[Role.STAFFING_MANAGER][0],
                category=category,
                site=place.sites[0],
                within_km=25,
                starts_at=self.hour + 2 * DAY,
                ends_at=self.hour + 9 * DAY,
                length=8 * HOUR,
                priority=Priority.URGENT,
                purpose=self._words(place, SHIFTS),
                now=self.now - 2 * HOUR,
            )
        promises.offer_freed(now=self.now - HOUR / 4)

    def person_offered(self) -> None:
        """A colleague from elsewhere is held for Renhe until it sends the invitation."""
        shifts = (
            (number * DAY + start, number * DAY + start + 4 * HOUR)
            for number in range(2, 10)
            for start in (0 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
        )
        there = Asked(site=self.renhe.sites[0])
        found = ((span, self._free(self.renhe, *span, "staff", there)) for span in shifts)
        (first, last), person = next(pair for pair in found if pair[1])
        waitlist.join(
            borrower=self.renhe.institution,
            by=self.renhe.people[Role.STAFFING_MANAGER][0],
            resource=person,
            site=self.renhe.sites[0],
            starts_at=self.hour + first,
            ends_at=self.hour + last,
            length=4 * HOUR,
            purpose=self._words(self.renhe, SHIFTS),
            now=self.now - HOUR,
        )
        promises.offer_freed(now=self.now - HOUR / 4)

    def needs_ended(self) -> None:
        """One that nobody could meet, one that was taken back."""
        old = self.now - 9 * DAY
        for place in (self.renhe, self.dongbei):
            self._need(place, "ECMO", None, old, {"needed_by": self.now - 3 * DAY})
        needs_alone.expire(now=self.now - 3 * DAY + HOUR)
        taken_back = self._need(self.renhe, "MRI", None, old, {"needed_by": self.hour + 3 * DAY})
        by = self.renhe.people[Role.COORDINATOR][0]
        needs.withdraw(need=taken_back, by=by, now=self.now - 6 * DAY)

    def need_met(self) -> None:
        """Dongbei needed what another had, asked for it, and it was approved."""
        for place in (self.renhe, self.dongbei):
            free = self._free(place, 8 * DAY, 9 * DAY)
            if free is not None:
                self._meet(place, free)
        needs_alone.meet(now=self.now - 10 * HOUR)

    def _meet(self, place: Place, resource: Resource) -> None:
        starts_at = self.hour + 8 * DAY
        times = {"starts_at": starts_at, "ends_at": starts_at + DAY}
        need = self._need(place, "", resource.category, self.now - 40 * HOUR, times)
        self._answer(need, resource, self.now - 30 * HOUR)
        asked = requests.ask(
            resource=resource,
            borrower=place.institution,
            terms=RequestTerms(
                **times,
                mode=default_mode(resource),
                purpose=need.note,
                delivery_site=place.sites[0],
                agreement_accepted=True,
            ),
            by=place.people[Role.COORDINATOR][0],
            now=self.now - 20 * HOUR,
        )
        if asked.state == State.REQUESTED:
            owner = self._place_of(resource)
            decisions.approve(
                sharing_request=asked,
                by=owner.people[Role.APPROVER][0],
                now=self.now - 12 * HOUR,
                version=asked.version,
            )

    def needs_open(self) -> None:
        """Each needs something that the other has; one is answered already."""
        for place, other in ((self.renhe, self.dongbei), (self.dongbei, self.renhe)):
            own = Resource.unscoped.filter(institution=other.institution, kind="equipment")
            have = own.exclude(status="retired").select_related("category", "institution", "site")
            first, last = have.order_by("pk").first(), have.order_by("-pk").first()
            window = {"starts_at": self.hour + 4 * DAY, "ends_at": self.hour + 6 * DAY}
            urgent = {"priority": Priority.URGENT, "justification": self._words(place, URGENT)}
            self._need(place, "", first.category, self.now - 6 * HOUR, window | urgent)
            helped = self._need(place, "", last.category, self.now - DAY, window)
            self._answer(helped, last, self.now - 3 * HOUR)

    def _need(self, place: Place, what: str, category, now: datetime, terms: dict) -> Need:
        return needs.post(
            institution=place.institution,
            kind="equipment",
            what=what or (category.name_zh if place.speaks_chinese else category.name_en),
            category=category,
            terms=NeedTerms(site=place.sites[0], note=self._words(place, WORKS), **terms),
            by=place.people[Role.COORDINATOR][0],
            now=now,
        )

    def _answer(self, need: Need, resource: Resource, now: datetime) -> None:
        owner = self._place_of(resource)
        needs.answer(
            need=need,
            institution=owner.institution,
            resource=resource,
            note=self._words(owner, ("It can leave with your courier.", "可由贵方派车取走。")),
            by=owner.people[Role.COORDINATOR][0],
            now=now,
        )
