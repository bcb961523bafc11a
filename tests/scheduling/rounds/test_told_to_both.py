"""What both hospitals of a proposal read of it before they answer, and in which language."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from medshare_portal.models import Notification
from medshare_portal.notices import render
from scheduling.actions.rounds import answering
from scheduling.models import Proposal, UnmetNeed
from scheduling.views.proposal_words import effects
from tests import make
from tests.make.answers import closed
from tests.scheduling.rounds.test_trial_pages import computed

pytestmark = pytest.mark.django_db
WHY = "Urgent</strong> · The nearest of 3 offers that fit. 2 other needs would have wanted it."
EFFECT = "It meets 40 % of the need."


@pytest.fixture
def row(city):
    return make.proposal(
        make.matching_run(now=city.now, state="published"), city.urgent, city.device,
        now=city.now, state="published", urgency=2, why={"offers": 3, "displaced": [0, 0, 2]},
        effect={"part": 40, "before": 20, "after": 35, "saved": 120_000},
    )  # fmt: skip


def page(client, user, name, institution, *args) -> str:
    client.force_login(user)
    address = reverse(f"scheduling:{name}", args=[institution.slug, *args])
    return closed(client.get(address)).content.decode()


def test_both_sides_read_why_how_urgent_and_what_it_does(client, city, row):
    for user, place, step in (
        (city.asker, city.borrower, "proposal-accept"),
        (city.asker, city.borrower, "proposal-decline"),
        (city.approver, city.owner, "proposal-refuse"),
    ):
        for name, *args in (("proposals",), (step, row.pk)):
            said = page(client, user, name, place, *args)
            assert WHY in said, (place, name)
            assert EFFECT in said


def test_what_it_saves_is_told_to_the_lender_alone(row):
    """It is made of what the packs cost there."""
    shares = "With it 借方医院 has 35 % of its weighted needs, without it 20 %."
    row.borrower.name_en = row.borrower.name_zh = "借方医院"
    assert effects(row, "borrower") == [EFFECT, shares]
    assert effects(row, "owner") == [EFFECT, shares, "It saves 1,200.00 CNY from expiry."]


def test_who_may_not_answer_reads_who_may_and_finds_no_closed_door(client, city, row):
    viewer = make.user("reads.only", at=city.borrower, role="viewer")
    said = page(client, viewer, "proposals", city.borrower)
    assert "Answered by: Coordinator" in said
    assert reverse("scheduling:rounds", args=[city.borrower.slug]) not in said
    assert "Answered by" not in page(client, city.asker, "proposals", city.borrower)


def test_a_medicine_named_in_one_language_is_read_in_both(now, owner, borrower):
    lot = make.offered_lot(owner, stock=40, search_text="insulin glargine")
    make.medicine_use(borrower, 20)
    by = now + timedelta(days=3)
    for packs in (10, 300):
        make.need(
            borrower, category=None, now=now, kind="medicine", what="Insulin glargine", quantity=packs,
            starts_at=None, ends_at=None, needed_by=by, expires_at=by,
        )  # fmt: skip
    computed(now, "medicine")
    rows = [*Proposal.unscoped.all(), *UnmetNeed.unscoped.all()]
    assert {type(row) for row in rows} == {Proposal, UnmetNeed}
    assert {row.name for row in rows} == {lot.resource.name_en}
    with translation.override("zh-hans"):
        assert {row.name for row in rows} == {lot.resource.name_zh}
    row = Proposal.unscoped.first()
    row.state, row.expires_at = "published", by
    row.save()
    make.user("asks.there", at=borrower, role="pharmacist")
    decider = make.user("decides", at=owner, role="pharmacist")
    answering.decline(proposal=row, institution=owner, reason_code="other", by=decider, now=now)
    with translation.override("zh-hans"):
        told = render(Notification.unscoped.latest("pk"))["subject"]
    assert told.endswith(lot.resource.name_zh)
