"""The home page: what waits for me, what is out, what comes in."""

from zoneinfo import ZoneInfo

from django.utils.functional import cached_property

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission, rights_of
from medshare_portal.views.pages import Page
from reports.queries import home
from reports.queries.moving import sections
from scheduling.home_cards import Visit, cards_for
from scheduling.queries import inbox
from scheduling.queries.asking_numbers import PLACES, numbers_of
from scheduling.queries.at_risk import at_risk_by, whereabouts
from scheduling.queries.inbox_keys import bundled, waiting_keys
from scheduling.queries.offered_places import offered_places
from scheduling.queries.to_move import SIGNS, to_move
from scheduling.queries.waiting import over
from scheduling.timeline.axis import local_date

SHOWN_TASKS = 12
ANSWERS = {Permission.DECIDE, Permission.ASK, Permission.POST_CHECK}


class Home(Page):
    """Sections by permission: answers, nudges to confirm offers, maintenance, what moves."""

    permission = Permission.VIEW
    template_name = "reports/home.html"

    @cached_property
    def zone(self):
        """Of the main site, as it was read with the institution."""
        return ZoneInfo(self.institution.time_zone or "UTC")

    def get_context_data(self, **kwargs):
        cards = cards_for(self._visit())
        return super().get_context_data(
            zone=self.zone,
            moment=describe_moment(self.now, tz=self.zone),
            answers=bool(ANSWERS & set(self.request.permissions)),
            may_ask=self.may(Permission.ASK),
            may_offer=self.may(Permission.PUBLISH_OFFER),
            cards=cards,
            days=home.next_days(self.institution, now=self.now, zone=self.zone),
            **self._waiting(cards["main"]),
            **self._moving(),
            **self._nudges(),
            **kwargs,
        )

    def _visit(self) -> Visit:
        return Visit(
            institution=self.institution,
            user=self.request.user,
            rights=rights_of(self.request.roles),
            now=self.now,
        )

    def _waiting(self, cards: list[dict]) -> dict:
        keys = waiting_keys(self.institution, rights_of(self.request.roles))
        waiting = bundled(keys)
        shown = [key for bundle in waiting[:SHOWN_TASKS] for key in bundle]
        rows = bundled(inbox.tasks_of(shown, self.institution, now=self.now))
        places = self._places_to_take()
        ends = [task.due_at for task in rows[0][:1]] if rows else []
        ends += [place.offered_until for place in places[:1]]
        ends += [card["context"]["until"] for card in cards if card["context"].get("waits")]
        return {
            "groups": home.grouped(rows, now=self.now, zone=self.zone),
            "places": places,
            "first_due": min(filter(None, ends), default=None),
            "waiting_count": len(waiting) + len(places) + _waits(cards),
            "more_waiting": len(waiting) - len(rows),
        }

    def _places_to_take(self) -> list:
        """Read only where the navigation counts one."""
        if not numbers_of(self.request).get(PLACES):
            return []
        kinds = over(Permission.ASK, rights_of(self.request.roles))
        return offered_places(self.institution, kinds, now=self.now)

    def _moving(self) -> dict:
        read = sections(self.institution, now=self.now)
        found = {name: rows for name, (rows, _number) in read.items()}
        counts = {f"{name}_count": number for name, (_rows, number) in read.items()}
        return found | counts | self._places(found)

    def _places(self, found: dict) -> dict:
        """What can be moved now, what is not back, and whom that keeps waiting."""
        places = whereabouts(found["leaving"] + found["coming"], now=self.now)
        return {
            "to_move": self._to_move(found, places),
            "not_back": {row.pk for row in found["leaving"] if places.not_back(row)},
            "at_risk": {row.pk for row in found["coming"] if places.at_risk(row)},
            "bookings_at_risk": at_risk_by(found["out"], now=self.now),
        }

    def _to_move(self, found: dict, places) -> set[int]:
        if not self.may(Permission.HAND_OVER):
            return set()
        rows = found["leaving"] + found["here"]
        steps = to_move(self.institution, rows, places, now=self.now)
        return {pk for pk, step in steps.items() if step != SIGNS}

    def _nudges(self) -> dict:
        today = local_date(self.now, self.zone)
        offers = checks = ([], 0)
        if self.may(Permission.PUBLISH_OFFER):
            offers = home.offers_to_confirm(self.institution, now=self.now)
        if self.may(Permission.POST_CHECK):
            checks = home.maintenance_due(self.institution, today=today)
        return {
            "offers": offers[0],
            "offer_count": offers[1],
            "maintenance": checks[0],
            "maintenance_count": checks[1],
            "today": today,
        }


def _waits(cards: list[dict]) -> int:
    """How many things the cards show that wait for the reader."""
    return sum(card["context"].get("waits", 0) for card in cards)
