"""What-ifs on a round's page: one click for the named relaxation, forms for more; never a write."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import AuditEvent
from scheduling.actions.rounds import computing, ordering
from scheduling.models import MatchingRun, Proposal, RunRecord, UnmetNeed
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def official(client):
    client.force_login(make.city_user())
    return client


@pytest.fixture
def device(owner, now):
    """Too far from the need, which looks no further than five kilometres."""
    far = make.site(owner, latitude=31.5, longitude=121.5)
    owner.sites.update(is_main=False)
    far.is_main = True
    far.save()
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


@pytest.fixture
def need(borrower, device, now):
    return make.need(borrower, category=device.category, now=now, within_km=5)


def computed(now, *kinds, institution=None, by=None) -> MatchingRun:
    terms = ordering.RoundTerms(kinds=kinds or ("equipment",))
    by = by or make.city_user("who.orders")
    run = ordering.order(terms=terms, institution=institution, by=by, now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    return run


def page_of(run, **query) -> str:
    row = UnmetNeed.unscoped.get(run=run)
    return reverse("city:round-try", args=[run.pk, row.pk], query=query)


def text(response) -> str:
    return closed(response).content.decode()


def state():
    """All that a trial could change."""
    return (
        list(Proposal.unscoped.order_by("pk").values()),
        list(UnmetNeed.unscoped.order_by("pk").values()),
        list(MatchingRun.unscoped.order_by("pk").values()),
        [bytes(row.problem) for row in RunRecord.unscoped.all()],
        AuditEvent.unscoped.count(),
    )


def test_the_named_relaxation_is_one_click_and_says_who_gains(official, now, need):
    run = computed(now)
    before = state()
    page = text(official.get(reverse("city:round", args=[run.pk])))
    links = re.findall(r'href="(/city/rounds/\d+/try/\d+/\?[^"#]*)', page)
    assert len(links) == 1
    answer = text(official.get(links[0].replace("&amp;", "&")))
    assert "This need would be met" in answer
    assert need.reference in answer
    assert "0 → 100 %" in answer
    assert "Nobody loses." in answer
    assert state() == before


def test_a_rule_that_is_not_the_one_changes_nothing(official, now, need):
    run = computed(now)
    query = {"what": "rule", "rule-rule": "certificate", "rule-whose": "hospital"}
    assert "Nothing would change" in text(official.get(page_of(run, **query)))


def test_one_more_offer_near_by_would_serve_it(official, now, need):
    near = make.institution("near")
    run = computed(now)
    query = {
        "what": "offer",
        "offer-institution": near.slug,
        "offer-starts_at": f"{now:%Y-%m-%dT%H:%M}Z",
        "offer-ends_at": f"{now + 6 * DAY:%Y-%m-%dT%H:%M}Z",
    }
    page = text(official.get(page_of(run, **query)))
    assert "This need would be met" in page
    assert "by the new offer" in page


def test_more_hours_of_an_offer_would_serve_it(official, now, owner, borrower):
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 2 * HOUR)])
    need = make.need(borrower, category=made.category, now=now)
    run = computed(now)
    hours = {"what": "longer", "longer-offer": f"R-{made.pk}", "longer-hours": 1}
    assert "Nothing would change" in text(official.get(page_of(run, **hours)))
    times = {
        "what": "hours",
        "hours-offer": f"R-{made.pk}",
        "hours-starts_at": f"{need.starts_at - 6 * HOUR:%Y-%m-%dT%H:%M}Z",
        "hours-ends_at": f"{need.ends_at + 6 * HOUR:%Y-%m-%dT%H:%M}Z",
    }
    page = text(official.get(page_of(run, **times)))
    assert "This need would be met" in page
    assert made.code in page


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"what": "rule", "rule-rule": "item", "rule-whose": "need"}, "rule"),
        ({"what": "rule", "rule-rule": "travel", "rule-whose": "everybody"}, "whose"),
        ({"what": "longer", "longer-offer": "R-999999", "longer-hours": 4}, "offer"),
        ({"what": "longer", "longer-offer": "", "longer-hours": 73}, "hours"),
        ({"what": "offer", "offer-institution": "borrower"}, "institution"),
        ({"what": "offer", "offer-starts_at": "2031-01-01T08:00"}, "starts_at"),
        ({"what": "offer", "offer-ends_at": "when it suits"}, "ends_at"),
    ],
)
def test_bad_input_is_refused_beside_its_field(official, now, need, query, wrong):
    run = computed(now)
    answer = official.get(page_of(run, **query))
    assert answer.status_code == 400
    assert wrong in answer.context["asked"].errors
    assert answer.context["answer"] is None


def test_an_unknown_question_asks_nothing(official, now, need):
    run = computed(now)
    answer = official.get(page_of(run, what="nonsense"))
    assert answer.status_code == 200
    assert answer.context["answer"] is None


def test_packs_are_tried_by_number_and_date(official, now, owner, borrower):
    lot = make.offered_lot(owner, stock=4, search_text="insulin glargine")
    make.medicine_use(borrower, 20)
    make.need(
        borrower, category=None, now=now, kind="medicine", what="Insulin glargine", quantity=10,
        starts_at=None, ends_at=None, needed_by=now + 3 * DAY, expires_at=now + 3 * DAY,
    )  # fmt: skip
    run = computed(now, "medicine")
    more = {"what": "packs", "packs-offer": f"R-{lot.pk}", "packs-packs": 20}
    assert "This need would be met" in text(official.get(page_of(run, **more)))
    past = {
        "what": "lot",
        "lot-institution": owner.slug,
        "lot-packs": 0,
        "lot-expiry_date": "2020-01-01",
    }
    answer = official.get(page_of(run, **past))
    assert answer.status_code == 400
    assert set(answer.context["asked"].errors) == {"packs", "expiry_date"}
    fresh = past | {"lot-packs": 20, "lot-expiry_date": f"{now + 400 * DAY:%Y-%m-%d}"}
    assert "by the new offer × " in text(official.get(page_of(run, **fresh)))


def test_a_round_without_its_input_says_so(official, now, need, run):
    row = make.unmet_need(run, need)
    page = text(official.get(reverse("city:round-try", args=[run.pk, row.pk])))
    assert "The input of this round is not stored" in page


def test_a_hospital_tries_only_on_its_own_rounds(client, now, need, borrower):
    by = make.user(at=borrower, role="coordinator")
    own, city = computed(now, institution=borrower, by=by), computed(now)
    client.force_login(by)

    def page(run):
        row = UnmetNeed.unscoped.get(run=run)
        return reverse("scheduling:round-try", args=[borrower.slug, run.pk, row.pk])

    assert client.get(page(own)).status_code == 200
    assert client.get(page(city)).status_code == 404


def test_a_dispute_is_answered_on_the_page_of_the_need_that_lost(client, city):
    """First of all questions: serve it anyway, who would lose?  In needs and percent."""
    client.force_login(city.official)
    run = city.computed()
    before = state()
    asks = text(client.get(page_of(run)))
    assert asks.index("Serve it anyway: who would lose?") < asks.index("Leave out a rule")
    answer = text(client.get(page_of(run, what="serve")))
    assert "This need would be met" in answer
    assert city.routine.reference in answer.partition("Who loses")[0]
    losers = answer.partition("Who loses")[2].partition("What it does")[0]
    assert city.urgent.reference in losers
    rows = re.findall(
        r'<th scope="row">(.*?)</th>\s*<td class="num">(.*?)</td>\s*<td class="num">(.*?)</td>',
        answer,
    )
    assert rows[:2] == [
        ("Urgent needs met", "1 of 1, 100 %", "0 of 1, 0 %"),
        ("Routine needs met", "0 of 1, 0 %", "1 of 1, 100 %"),
    ]
    assert state() == before


def test_a_need_that_nothing_fits_asks_no_dispute(official, now, need):
    assert "Serve it anyway" not in text(official.get(page_of(computed(now))))
