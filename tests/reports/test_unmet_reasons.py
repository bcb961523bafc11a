"""Why demands were not met: each reason leads to as many demands as it counts, in every page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from reports.actions import counting, demand, verifying
from reports.models import DemandFact, UnmetOfDay
from reports.unmet import why_choices, why_of, why_words
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = timezone.now().replace(hour=4, minute=0, second=0, microsecond=0)  # noon in Shanghai
OVER = NOW - DAY
FUNNEL = {"funnel": [["all", 4], ["item", 2], ["window", 0]], "rules": []}


@pytest.fixture
def city():
    """Of the borrower six demands that were not met, of another district one."""
    owner = make.institution("owner", district_en="South")
    borrower = make.institution("borrower", district_en="North")
    other = make.institution("other", district_en="South")
    device = make.equipment(owner)
    for whose, state, code in (
        (borrower, State.DECLINED, "own_need"),
        (borrower, State.DECLINED, "own_need"),
        (borrower, State.LAPSED, "too_slow"),
        (borrower, State.CANCELLED, "recalled"),
        (other, State.DECLINED, "other_won"),
        (borrower, State.CLOSED, ""),
    ):
        ended(device, whose, state, code)
    make.waitlist_entry(borrower, resource=device, state="expired", **when())
    need = make.need(borrower, category=device.category, state="expired", **when())
    make.unmet_need(make.matching_run(state="published"), need, code="no_offer", data=FUNNEL)
    return SimpleNamespace(owner=owner, borrower=borrower, other=other, device=device)


def when(at=OVER):
    return {"ended_at": at, "now": at - HOUR}


def ended(device, borrower, state, code, at=OVER):
    return make.sharing_request(device, borrower, state=state, decision_code=code, **when(at))


def count():
    demand.record(now=NOW)
    return counting.count_days(now=NOW)


def chart(client, address):
    return client.get(address).context["unmet"]["chart"].rows


def test_officials_read_the_reasons_with_their_share_and_each_leads_to_its_demands(city, client):
    count()
    client.force_login(make.user(role="city_official"))
    rows = chart(client, "/city/figures/?period=7")
    assert [(row.cause.name, row.cause.number, row.cumulative) for row in rows] == [
        ("Refused: We need it ourselves", "2", "28.6 %"),
        ("Taken back early by the owner", "1", "42.9 %"),
        ("Refused: Given to another request", "1", "57.1 %"),
        ("Nobody answered in time", "1", "71.4 %"),
        ("Taken all the time that was waited for", "1", "85.7 %"),
        ("Nothing free at that time", "1", "100.0 %"),
    ]
    for row in rows:
        listed = client.get(row.cause.url).context["table"].rows
        assert str(len(listed)) == row.cause.number
    narrowed = chart(client, "/city/figures/?period=7&district=South")
    assert [row.cause.name for row in narrowed] == ["Refused: Given to another request"]
    assert len(client.get(narrowed[0].cause.url).context["table"].rows) == 1
    assert chart(client, "/city/figures/?period=7&kind=staff") == ()


@pytest.mark.once
def test_an_institution_reads_its_own_and_the_city_the_same_of_it(city, client):
    count()
    client.force_login(make.user(role="city_official"))
    theirs = chart(client, f"/city/figures/{city.borrower.pk}/?period=7")
    client.force_login(make.user(at=city.borrower, role="coordinator"))
    own = chart(client, "/at/borrower/figures/?period=7")
    assert [r.cause.number for r in own] == [r.cause.number for r in theirs]
    assert "Given to another request" not in " ".join(row.cause.name for row in own)
    assert len(client.get(own[0].cause.url).context["table"].rows) == 2
    page = client.get("/at/borrower/figures/all/?period=7")
    parts = [
        row["part"] for _family, rows in page.context["families"] for row in rows
        if row["code"] == "unmet_reasons"
    ]  # fmt: skip
    assert parts == [row.cause.name for row in own]


def test_the_reason_that_the_matcher_found_is_frozen_with_the_need(city):
    demand.record(now=NOW)
    fact = DemandFact.unscoped.get(source="need")
    assert (fact.outcome, fact.reason_code) == ("unmet", "window")


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "data", "outcome", "why"),
    [
        ("no_offer", {"funnel": [["all", 3], ["item", 0]]}, "nothing_listed", "item"),
        ("no_offer", {"funnel": [["all", 3], ["struck", 0]], "rules": ["EQ-07"]}, "unmet", "EQ-07"),
        ("outbid", {"held_by": 1}, "unmet", "outbid"),
        ("nobody_has_it", {}, "nothing_listed", "nobody_has_it"),
        ("at_home", {}, "unmet", "at_home"),
    ],
)
def test_what_stopped_a_need_says_whether_anybody_had_it(code, data, outcome, why):
    need = make.need(make.institution(), state="expired", **when())
    for reason, found in (("fairness", {}), (code, data)):  # the last round says it
        make.unmet_need(make.matching_run(state="proposed"), need, code=reason, data=found)
    demand.record(now=NOW)
    fact = DemandFact.unscoped.get(source="need")
    assert (fact.outcome, fact.reason_code) == (outcome, why)


def test_a_fact_that_comes_late_repairs_its_day_and_verify_tells_what_differs(city):
    count()
    ended(city.device, city.borrower, State.DECLINED, "terms")
    assert list(verifying.differences()) == []  # the fact is not there yet
    demand.record(now=NOW)
    assert {str(one).split(": ", 1)[0] for one in verifying.differences()} != set()
    assert counting.count_days(now=NOW) > 0
    assert list(verifying.differences()) == []
    found = UnmetOfDay.unscoped.filter(why="refused.terms").order_by("institution_key")
    assert list(found.values_list("institution_key", "number")) == [(0, 1), (city.borrower.pk, 1)]


@pytest.mark.parametrize("change", ["number = 0", "why = ''"])
def test_a_row_of_nothing_is_refused_by_the_database(city, change):
    count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_unmetofday SET {change}")


@pytest.mark.once
def test_each_reason_has_words_of_its_own():
    words = dict(why_choices())
    assert len(set(words.values())) == len(words)
    assert why_words(why_of("refused", "unheard_of")) == "Refused: unheard_of"
    assert why_words(why_of("unmet", "unheard_of")) == "Not met in time"


@pytest.mark.once
def test_a_reason_that_there_is_not_is_an_error_beside_its_filter(client):
    client.force_login(make.user(role="city_official"))
    assert client.get("/city/demand/?why=refused.x").status_code == 400
    assert client.get("/city/demand/?first=2026-13-01").status_code == 400
