"""Rounds and their revisions on the pages: folded, kept up to date, at hand on the home page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.models import MatchingRun
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEY = {"idempotency_key": "a-key-of-a-form"}


def text(response) -> str:
    return closed(response).content.decode()


@pytest.fixture
def official(client):
    client.force_login(make.city_user())
    return client


@pytest.fixture
def device(owner, now):
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


def revised(parent, now, **fields):
    return make.matching_run(now=now, parent=parent, cause="changed", **fields)


def listed(client, query="") -> set[str]:
    page = client.get(reverse("city:rounds") + query)
    return {f"{run.number}: {earlier}" for run, _url, earlier in closed(page).context["rows"]}


def test_drafts_that_a_revision_replaced_are_folded_under_it(official, now, run):
    second = revised(run, now)
    third = revised(second, now, state="published")
    fourth = revised(third, now, state="failed", finished_at=now, error="died")
    fifth = revised(fourth, now, keeps_current=True)
    revised(fifth, now, state="running")
    another = make.matching_run(now=now)
    # 1, 2 and 4 are replaced; what was published and what is under way stand by themselves
    assert listed(official) == {"3: 0", "5: 3", "6: 0", "7: 0"}
    assert listed(official, f"?line={fifth.pk}") == {f"{n}: 0" for n in range(1, 7)}
    assert listed(official, f"?line={another.pk}") == {"7: 0"}
    assert "3 earlier revisions" in text(official.get(reverse("city:rounds")))


def test_the_line_of_anothers_round_is_not_found(official, now, borrower):
    theirs = make.matching_run(now=now, institution=borrower)
    assert official.get(reverse("city:rounds") + f"?line={theirs.pk}").status_code == 404
    assert official.get(reverse("city:rounds") + f"?line={10**30}").status_code == 404
    assert listed(official, "?line=nothing") == set()


def test_an_official_keeps_a_round_up_to_date_and_lets_it_be(official, now, run):
    page, keep = (reverse(f"city:{name}", args=[run.pk]) for name in ("round", "round-keep"))
    shown = text(official.get(page))
    assert "Not kept up to date" in shown
    assert keep in shown
    assert official.post(keep, KEY).url == page
    run.refresh_from_db()
    assert run.keeps_current
    assert "Kept up to date" in text(official.get(page))
    newer = revised(run, now)
    MatchingRun.unscoped.filter(pk=run.pk).update(keeps_current=False)
    MatchingRun.unscoped.filter(pk=newer.pk).update(keeps_current=True)
    assert "Round 2 took the place of this one" in text(official.get(page))
    assert official.post(keep, {"idempotency_key": "another-key-of-a-form"}).status_code == 302
    assert not MatchingRun.unscoped.filter(keeps_current=True).exists()


def test_a_hospital_keeps_its_own_round_and_no_other(client, now, borrower):
    own = make.matching_run(now=now, institution=borrower, kinds=["equipment"])
    client.force_login(make.user(at=borrower, role="coordinator"))
    assert client.post(reverse("scheduling:round-keep", args=["borrower", own.pk]), KEY).url
    own.refresh_from_db()
    assert own.keeps_current
    citys = make.matching_run(now=now)
    page = client.post(reverse("scheduling:round-keep", args=["borrower", citys.pk]), KEY)
    assert page.status_code == 404


def test_officials_read_at_home_what_waits_for_whom(official, now, borrower, device):
    def home():
        return closed(official.get(reverse("city:home"))).context["rounds"]

    def proposed(run, **fields):
        need = make.need(borrower, category=device.category, now=now)
        return make.proposal(run, need, device, now=now, **fields)

    assert home() == []
    answered = make.matching_run(now=now, state="published")
    proposed(answered, state="published", expires_at=now + DAY)
    proposed(answered, state="agreed", sharing_request=make.sharing_request(device, borrower))
    proposed(make.matching_run(now=now, institution=borrower))  # is the hospital's affair
    replaced, ready = make.matching_run(now=now), make.matching_run(now=now)
    proposed(replaced)
    proposed(ready)
    make.matching_run(now=now, state="running")
    rows = {row["run"].number: (str(row["words"]), row["run"].agreed) for row in home()}
    assert rows == {1: ("Being answered", 1), 4: ("Being computed", 0)}
    MatchingRun.unscoped.filter(state="running").update(state="failed", finished_at=now)
    assert {row["run"].pk for row in home()} == {answered.pk, ready.pk}
    shown = text(official.get(reverse("city:home")))
    assert "1 not answered, 0 requested, 1 agreed." in shown
    assert "1 proposal; nobody has been told yet." in shown


def test_who_only_reads_the_city_sees_no_rounds(client, now):
    make.matching_run(now=now, state="running")
    client.force_login(make.city_user("registrar", role="registry_admin"))
    assert "Matching rounds at hand" not in text(client.get(reverse("city:home")))


def test_a_need_says_why_the_last_round_left_it_and_is_one_click_from_there(
    client, now, borrower, device
):
    need = make.need(borrower, category=device.category, now=now)
    here = reverse("scheduling:need-detail", args=["borrower", need.pk])
    client.force_login(make.user(at=borrower, role="coordinator"))
    draft = make.matching_run(now=now)
    make.unmet_need(draft, need, data={"funnel": [["all", 4], ["item", 2], ["certificate", 0]]})
    assert "last matching round" not in text(client.get(here))  # nobody was told
    MatchingRun.unscoped.filter(pk=draft.pk).update(
        state="published", published_at=now, published_by=draft.created_by
    )
    shown = text(client.get(here))
    assert "The city’s round 1" in shown
    assert "with a trained operator there" in shown
    own = make.matching_run(now=now, institution=borrower, kinds=["equipment"])
    make.unmet_need(own, need, code="no_time")
    assert "It names no time from – until." in text(client.get(here))
    assert here in text(client.get(reverse("scheduling:round-unmet", args=["borrower", own.pk])))
    later = make.matching_run(now=now, state="published")
    make.proposal(later, need, device, now=now, state="published")
    assert "last matching round" not in text(client.get(here))
