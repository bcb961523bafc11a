"""What the database itself says of matching rounds and of what they propose."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from scheduling.models import RunRecord
from tests import make
from tests.scheduling.guarantees.raw_sql import refused, run, without

pytestmark = pytest.mark.django_db
RUN, PROPOSAL, UNMET = "scheduling_matchingrun", "scheduling_proposal", "scheduling_unmetneed"
RECORD = "scheduling_runrecord"
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def matching_run(now):
    return make.matching_run(now=now)


@pytest.fixture
def need(device, borrower, now):
    return make.need(borrower, category=device.category, now=now)


@pytest.fixture
def draft(matching_run, need, device, now):
    return make.proposal(matching_run, need, device, now=now)


def told(device, need, now, **fields):
    """A proposal that both sides were told, of a published round of its own."""
    published = make.matching_run(now=now, state="published")
    return make.proposal(published, need, device, now=now, **{"state": "published", **fields})


def sets(table, assignment, *params):
    return f"UPDATE {table} SET {assignment}", *params


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        ("state = 'lost'", "round_"),
        ("scope = 'district'", "round_scope_names_whom"),
        ("scope = 'institution'", "round_scope_names_whom"),
        ("scope = 'consortium'", "round_scope_names_whom"),
        ("institution_id = (SELECT MIN(id) FROM medshare_portal_institution)", "round_s"),
        ("ends_at = starts_at", "round_ends_after_start"),
        ("fairness = 1.5", "round_fairness_within"),
        ("fairness = -0.5", "round_fairness_within"),
        ("finished_at = NULL", "round_finished_where_state_says_so"),
        ("state = 'running'", "round_finished_where_state_says_so"),
        ("state = 'published'", "round_published_where_state_says_so"),
        ("published_at = starts_at", "round_published_where_state_says_so"),
        ("cause = 'whim'", "round_cause_known"),
        ("cause = 'nightly', line_id = id", "round_revision_has_parent"),
        ("cause = 'nightly', parent_id = id", "round_revision_has_line"),
        ("line_id = id", "round_revision_has_line"),
    ],
)
def test_a_round_is_whole(matching_run, borrower, assignment, name):
    assert name in refused(*sets(RUN, assignment))


def test_rounds_of_the_city_and_of_each_institution_are_numbered_apart(borrower, now):
    for whose in (None, borrower, make.institution()):
        make.matching_run(now=now, institution=whose)
        make.matching_run(now=now, institution=whose)
    run(*sets(RUN, "number = number + 10"))
    theirs = f"{RUN} SET number = 11 WHERE institution_id"
    for whose in ("IS NULL", f"= {borrower.pk}"):
        assert "unique" in refused(f"UPDATE {theirs} {whose}").lower()


def test_a_round_of_a_consortium_is_the_citys_or_a_members(borrower, now):
    ours, theirs = make.consortium(borrower), make.consortium(make.institution())
    of_ours = {"now": now, "scope": "consortium", "consortium": ours}
    make.matching_run(**of_ours)
    made = make.matching_run(**of_ours, institution=borrower)
    columns = "kinds, starts_at, ends_at, fairness, seed, seconds, left_out, lifted, cause, " \
        "keeps_current, seen_event, state, progress, created_at, created_by_id, finished_at, " \
        "attempt, error, inputs_hash, versions, results, scope, institution_id"  # fmt: skip
    copied = (
        f"INSERT INTO {RUN} (number, consortium_id, {columns}) "
        f"SELECT 99, {theirs.pk}, {columns} FROM {RUN} WHERE id = {made.pk}"
    )
    moved = f"UPDATE {RUN} SET consortium_id = {theirs.pk} WHERE id = {made.pk}"
    for sql, name in (
        (copied, "round_of_consortium_by_a_member"), (moved, "round_stays_whose_it_is"),
    ):  # fmt: skip
        assert name in refused(sql)
        without(name)
        run(sql)


def test_of_each_scope_one_round_at_most_is_kept_up_to_date(borrower, now):
    for whose in (None, borrower, make.institution()):
        make.matching_run(now=now, institution=whose, keeps_current=True)
        make.matching_run(now=now, institution=whose)
    for whose in ("IS NULL", f"= {borrower.pk}"):
        sql = f"UPDATE {RUN} SET keeps_current = true WHERE institution_id {whose}"
        assert "unique" in refused(sql).lower()


@pytest.mark.parametrize(
    "assignment", ["state = 'proposed', published_at = NULL, published_by_id = NULL",
                   "inputs_hash = 'another'"]
)  # fmt: skip
def test_a_published_round_stays_as_it_was_published(now, assignment):
    make.matching_run(now=now, state="published")
    assert "round_published_is_final" in refused(*sets(RUN, assignment))
    run(*sets(RUN, "alive_at = finished_at"))  # what is not its answer may be written
    without("round_published_is_final")
    run(*sets(RUN, assignment))


def test_what_a_round_was_given_and_answered_is_never_changed(matching_run):
    RunRecord.unscoped.create(run=matching_run, problem=b"p", plan=b"a")
    for sql in (f"UPDATE {RECORD} SET plan = problem", f"DELETE FROM {RECORD}"):
        assert "append-only" in refused(sql)
    copied = f"(run_id, problem, plan) SELECT run_id, problem, plan FROM {RECORD}"
    refused(f"INSERT INTO {RECORD} {copied}")
    if connection.vendor == "sqlite":
        assert "append-only" in refused(f"INSERT OR REPLACE INTO {RECORD} {copied}")
    else:
        run("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked forbids it as well
        assert "append-only" in refused(f"TRUNCATE {RECORD}")


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        ("state = 'lost'", "proposal_"),
        ("borrower_id = owner_id", "proposal_"),
        ("quantity = 0", "proposal_quantity_positive"),
        ("urgency = 4", "proposal_urgency_known"),
        ("starts_at = NULL", "proposal_times_whole"),
        ("ends_at = NULL", "proposal_times_whole"),
        ("ends_at = starts_at", "proposal_times_whole"),
        ("pinned = true, state = 'struck'", "proposal_pinned_or_struck"),
        ("stale = 'late'", "proposal_stale_is_struck"),
        ("state = 'struck', stale = 'dull'", "proposal_stale_is_struck"),
        ("state = 'published'", "proposal_published_until_when"),
        ("expires_at = starts_at", "proposal_published_until_when"),
        ("state = 'asked', expires_at = starts_at", "proposal_request_where_asked"),
        ("state = 'agreed', expires_at = starts_at", "proposal_request_where_asked"),
        ("state = 'declined', expires_at = starts_at", "proposal_declined_by_whom"),
        ("declined_by_side = 'owner'", "proposal_declined_by_whom"),
    ],
)
def test_a_proposal_is_whole(draft, assignment, name):
    assert name in refused(*sets(PROPOSAL, assignment))


def test_a_need_and_an_offer_stand_once_in_a_round(draft):
    columns = "run_id, need_id, resource_id, owner_id, borrower_id, kind, need_ref, offer_ref, " \
        "urgency, quantity, travel_minutes, kilometres, why, effect, state, pinned, " \
        "struck_reason, stale, declined_by_side, decline_code, decline_text, pieces"  # fmt: skip
    copied = f"INSERT INTO {PROPOSAL} ({columns}) SELECT {columns} FROM {PROPOSAL}"
    assert "unique" in refused(copied).lower()


@pytest.mark.parametrize(
    "assignment",
    [
        "owner_id = (SELECT id FROM medshare_portal_institution WHERE slug = 'stranger')",
        "borrower_id = (SELECT id FROM medshare_portal_institution WHERE slug = 'stranger')",
        "kind = 'staff'",
    ],
)
def test_a_proposal_joins_its_need_and_its_resource(draft, assignment):
    make.institution("stranger")
    name = "proposal_joins_its_need_and_its_resource"
    assert name in refused(*sets(PROPOSAL, assignment))
    without(name)
    run(*sets(PROPOSAL, assignment))


def test_a_proposal_became_its_own_request(device, borrower, need, now):
    row = told(device, need, now)
    asked = "state = 'asked', sharing_request_id = %s"
    others = (
        make.sharing_request(make.equipment(device.institution), borrower, now=now),
        make.sharing_request(device, make.institution(), now=now),
    )
    for other in others:
        assert "proposal_became_its_own_request" in refused(*sets(PROPOSAL, asked, other.pk))
    run(*sets(PROPOSAL, asked, make.sharing_request(device, borrower, now=now).pk))
    row.refresh_from_db()
    assert row.state == "asked"
    without("proposal_became_its_own_request")
    run(*sets(PROPOSAL, asked, others[0].pk))


@pytest.mark.parametrize(
    "assignment",
    [
        "state = 'proposed', expires_at = NULL",
        "state = 'struck', expires_at = NULL",
        "resource_id = (SELECT MAX(id) FROM resources_resource)",
        "need_id = (SELECT MAX(id) FROM scheduling_need)",
        "quantity = 2",
    ],
)
def test_what_both_sides_were_told_stays(device, borrower, need, now, assignment):
    told(device, need, now)
    make.equipment(device.institution)
    make.need(borrower, category=device.category, now=now, quantity=2)
    run(*sets("scheduling_need", "quantity = 2"))
    assert "proposal_once_told_stays_told" in refused(*sets(PROPOSAL, assignment))
    without("proposal_once_told_stays_told")
    run(*sets(PROPOSAL, assignment))


def second(device, borrower, now, **fields):
    """Another need of another round for the same, and its draft."""
    other = make.need(borrower, category=device.category, now=now)
    return make.proposal(make.matching_run(now=now), other, device, now=now, **fields)


PUBLISH = "UPDATE scheduling_proposal SET state = 'published', expires_at = %s WHERE id = %s"


def test_of_a_single_unit_no_two_proposals_wait_at_the_same_time(device, borrower, need, now):
    told(device, need, now)
    row = second(device, borrower, now)
    assert "proposal_takes_free_time" in refused(PUBLISH, now, row.pk)
    without("proposal_takes_free_time")
    run(PUBLISH, now, row.pk)


def test_one_after_the_other_and_of_several_units_they_may(device, borrower, need, now):
    first = told(device, need, now)
    after = second(device, borrower, now, starts_at=first.ends_at, ends_at=first.ends_at + HOUR)
    run(PUBLISH, now, after.pk)
    several = make.equipment(device.institution, units=2)
    for _number in range(2):
        other = make.need(borrower, category=several.category, now=now)
        told(several, other, now)


def test_an_answered_proposal_leaves_its_time_to_others(device, borrower, need, now):
    told(device, need, now, state="expired")
    run(PUBLISH, now, second(device, borrower, now).pk)


def test_what_an_offer_gives_a_need_at_a_time_waits_once(device, borrower, now):
    several = make.equipment(device.institution, units=2)
    need = make.need(borrower, category=several.category, now=now, quantity=2)
    told(several, need, now)
    row = make.proposal(make.matching_run(now=now), need, several, now=now)
    assert "proposal_waits_once" in refused(PUBLISH, now, row.pk)
    without("proposal_waits_once")
    run(PUBLISH, now, row.pk)


def test_what_waits_never_gives_a_need_more_than_it_asks_for(device, need, now):
    told(device, need, now)
    other = make.equipment(device.institution)
    row = make.proposal(make.matching_run(now=now), need, other, now=now)
    assert "proposal_gives_what_is_asked" in refused(PUBLISH, now, row.pk)
    without("proposal_gives_what_is_asked")
    run(PUBLISH, now, row.pk)


@pytest.mark.parametrize(
    ("assignment", "name"), [("urgency = 0", "unmet_urgency_known"), ("urgency = 9", "unmet_")]
)
def test_an_unmet_need_is_whole(matching_run, need, assignment, name):
    make.unmet_need(matching_run, need)
    assert name in refused(*sets(UNMET, assignment))


def test_a_need_is_unmet_once_in_a_round(matching_run, need, device, borrower, now):
    make.unmet_need(matching_run, need)
    make.unmet_need(matching_run, make.need(borrower, category=device.category, now=now))
    assert "unique" in refused(*sets(UNMET, "need_ref = 'N-1'")).lower()
