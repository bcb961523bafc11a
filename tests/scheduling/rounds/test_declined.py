"""What hospitals declined feeds back into the next rounds."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import Notification
from medshare_portal.notices import render
from scheduling.actions import needs
from scheduling.actions.needs import NeedTerms
from scheduling.actions.rounds import answering
from scheduling.models import Proposal, UnmetNeed
from scheduling.queries.rounds.problem import draw
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def spare(city):
    """A second device that could serve as well."""
    device = make.equipment(city.owner, last_safety_test=city.now.date())
    make.offer(device, now=city.now, intervals=[(city.now, city.now + 7 * DAY)])
    return device


def decline(city, row: Proposal, side: str, code: str) -> None:
    owner = side == "owner"
    answering.decline(
        proposal=row,
        institution=city.owner if owner else city.borrower,
        reason_code=code,
        by=city.approver if owner else city.asker,
        now=city.now,
    )


@pytest.mark.parametrize(
    ("side", "code"),
    [
        *(("owner", code) for code in ("own_need", "not_ready", "unsuitable", "too_far", "other")),
        *(("borrower", code) for code in ("unsuitable", "too_far", "other")),
    ],
)
def test_the_two_are_not_proposed_to_each_other_again_for_thirty_days(city, side, code):
    """Whichever side said no; the need is served by another device instead."""
    row = city.published()
    decline(city, row, side, code)
    other = spare(city)
    again = city.computed()
    assert Proposal.unscoped.get(run=again, need=city.urgent).resource == other
    assert draw(again, now=city.now + 31 * DAY).problem.struck == frozenset()


@pytest.mark.parametrize("code", ["found_elsewhere", "no_longer_needed"])
def test_a_need_that_is_served_in_another_way_is_left_in_peace(city, code):
    decline(city, city.published(), "borrower", code)
    spare(city)
    again = city.computed()
    assert {row.need for row in Proposal.unscoped.filter(run=again)} == {city.routine}
    assert UnmetNeed.unscoped.get(run=again, need=city.urgent).code == "said_enough"


def test_a_need_that_is_amended_asks_again(city):
    decline(city, city.published(), "borrower", "found_elsewhere")
    city.urgent.refresh_from_db()
    times = {"starts_at": city.now + 60 * HOUR, "ends_at": city.now + 61 * HOUR}
    needs.amend(
        need=city.urgent, version=city.urgent.version, by=city.asker, now=city.now + HOUR,
        terms=NeedTerms(**times, priority="urgent", justification="It broke down there too"),
    )  # fmt: skip
    other = spare(city)
    again = city.computed()
    assert Proposal.unscoped.get(run=again, need=city.urgent).resource == other


def test_what_is_written_with_a_no_reaches_the_other_side_and_the_city(client, city):
    """The notice says why and where to read it; the words themselves stay in the portal."""
    row = city.published()
    answering.decline(
        proposal=row, institution=city.owner, reason_code="too_far", text="Our van is broken",
        by=city.approver, now=city.now,
    )  # fmt: skip
    told = render(Notification.objects.addressed_to(city.asker).latest("pk"))
    assert told["body"] == (
        "The next round looks for something else. Reason: Too far, or the transport is missing. "
        "Their message stands beside the proposal."
    )
    page = reverse("scheduling:proposals", args=[city.borrower.slug])
    assert told["url"] == f"{page}#{row.reference}"
    client.force_login(city.asker)
    listed = client.get(page).content.decode()
    assert f'id="{row.reference}"' in listed
    assert "“Our van is broken”" in listed
    client.force_login(city.official)
    of_city = client.get(reverse("city:round", args=[row.run_id]))
    assert "“Our van is broken”" in of_city.content.decode()
