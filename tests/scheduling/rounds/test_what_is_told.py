"""Notices and mails of rounds tell each reader of its own lines only; nothing of another leaks."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medshare_portal import mailing
from medshare_portal.models import Notification
from medshare_portal.roles import Role
from scheduling import notices_rounds
from scheduling.actions.rounds import answering, publishing
from tests import make
from tests.make.answers import closed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACES = ("alder", "birch", "cedar", "daphne")  # two pairs that deal with each other
ROLES = [role for role in Role if role not in Role.CITY_ROLES]


class Grove:
    """Four hospitals whose every word is marked; alder lends to birch, cedar to daphne; each
    hospital has somebody in each role."""

    def __init__(self, now):
        self.now = now
        self.places = {slug: self._place(slug) for slug in PLACES}
        self.people = {
            (slug, role): make.user(f"{slug}.{role}", at=place, role=role)
            for slug, place in self.places.items()
            for role in ROLES
        }
        self.official = make.city_user()
        self.run = make.matching_run(now=now, kinds=["equipment"])
        self.lines = [
            self._line("alder", "birch", make.category("ventilators")),
            self._line("cedar", "daphne", make.category("pumps")),
        ]

    def _place(self, slug):
        marked = {"name_en": f"CANARY-{slug}-place", "name_zh": f"CANARY-{slug}-place"}
        return make.institution(slug, **marked)

    def _line(self, owner, borrower, category):
        device = make.equipment(
            self.places[owner], category=category, last_safety_test=self.now.date(),
            name_en=f"CANARY-{owner}-device", name_zh=f"CANARY-{owner}-device",
        )  # fmt: skip
        make.offer(device, now=self.now, intervals=[(self.now, self.now + 7 * DAY)])
        need = make.need(
            self.places[borrower], category=category, now=self.now,
            created_by=self.people[borrower, Role.COORDINATOR],
            what=f"CANARY-{borrower}-what", note=f"CANARY-{borrower}-note", priority="urgent",
            justification=f"CANARY-{borrower}-why",
        )  # fmt: skip
        return make.proposal(self.run, need, device, now=self.now, urgency=2)

    def decline(self, line, side, code):
        institution = getattr(line, side)
        role = "approver" if side == "owner" else "coordinator"
        answering.decline(
            proposal=line, institution=institution, reason_code=code,
            text=f"CANARY-{institution.slug}-text", by=self.people[institution.slug, role],
            now=self.now,
        )  # fmt: skip


@pytest.fixture
def grove(now):
    return Grove(now)


# What the other side of one's own line may say in a notice.
MAY_READ = {
    "alder": {"CANARY-birch-place"},
    "birch": {"CANARY-alder-place"},
    "cedar": {"CANARY-daphne-place"},
    "daphne": {"CANARY-cedar-place"},
}


def foreign(slug: str, text: str) -> set[str]:
    """Marks of others that this hospital may not read."""
    found = {f"CANARY-{part}" for part in text.split("CANARY-")[1:]}
    known = {*MAY_READ[slug], f"CANARY-{slug}-"}
    return {mark[:40] for mark in found if not any(mark.startswith(word) for word in known)}


def everything_told(grove):
    """(hospital, role, text) of every notice and every mail after both rounds of answers."""
    publishing.publish(run=grove.run, by=grove.official, now=grove.now)
    lines = [type(line).unscoped.get(pk=line.pk) for line in grove.lines]
    type(lines[0]).unscoped.update(expires_at=grove.now + 10 * HOUR)
    answering.remind(now=grove.now + 7 * HOUR)
    mailing.send_waiting(now=grove.now + 7 * HOUR)
    grove.decline(lines[0], "owner", "own_need")
    grove.decline(lines[1], "borrower", "unsuitable")
    mailing.send_waiting(now=grove.now + 8 * HOUR)
    for (slug, role), user in grove.people.items():
        for row in Notification.objects.addressed_to(user).order_by("pk"):
            yield slug, role, row.event, json.dumps(row.context, ensure_ascii=False)
        for message in mail.outbox:
            if user.email in message.to:
                yield slug, role, "mail", f"{message.subject}\n{message.body}"


def test_each_notice_and_mail_speaks_of_ones_own_lines_only(grove):
    told = list(everything_told(grove))
    assert {code for _slug, _role, code, _text in told} == {
        "proposals-published", "proposals-still-wait", "proposal-declined", "mail",
    }  # fmt: skip
    assert {slug for slug, *_rest in told} == set(PLACES)
    leaked = {(slug, role, *foreign(slug, text)) for slug, role, _c, text in told
              if foreign(slug, text)}  # fmt: skip
    assert leaked == set()
    assert {role for _slug, role, _code, _text in told} == {"coordinator", "approver"}
    # The other side of one's own line is named, so that what leaked would have been seen.
    assert any("CANARY-alder-place" in text for slug, _r, _c, text in told if slug == "birch")
    assert any("CANARY-daphne-place" in text for slug, _r, _c, text in told if slug == "cedar")


def test_the_pages_of_proposals_and_rounds_hold_nothing_of_the_other_pair(client, grove):
    """Whatever one's role; the lines and the round of others are not found by their numbers."""
    publishing.publish(run=grove.run, by=grove.official, now=grove.now)
    for (slug, _role), person in grove.people.items():
        client.force_login(person)
        others = "cd" if slug in ("alder", "birch") else "ab"
        for name in ("scheduling:proposals", "scheduling:rounds", "reports:home"):
            page = closed(client.get(reverse(name, args=[slug])))
            assert page.status_code in (200, 403)
            assert [part for part in page.text.split("CANARY-")[1:] if part[0] in others] == []
        foreign_line = grove.lines[others == "cd"]
        for name in ("proposal-accept", "proposal-decline", "proposal-refuse"):
            page = client.get(reverse(f"scheduling:{name}", args=[slug, foreign_line.pk]))
            assert page.status_code in (403, 404)
        page = client.get(reverse("scheduling:round", args=[slug, grove.run.pk]))
        assert page.status_code in (403, 404)


def test_more_lines_between_the_same_two_cost_no_more_statements(grove):
    def statements(lines):
        Notification.unscoped.all().delete()
        with CaptureQueriesContext(connection) as captured:
            notices_rounds.published(lines, now=grove.now)
        told = Notification.objects.addressed_to(grove.people["birch", Role.COORDINATOR]).get()
        assert told.context == {"number": len(lines)}
        return len(captured)

    line = grove.lines[0]
    assert statements([line] * 30) == statements([line])
