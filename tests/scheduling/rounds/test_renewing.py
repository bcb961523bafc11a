"""Rounds that are kept up to date: what makes one due, and what its revision keeps."""

from datetime import UTC, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from medshare_portal.actions.crises import NotAnOfficial
from scheduling.actions import needs
from scheduling.actions.needs import NeedTerms
from scheduling.actions.rounds import answering, computing, ordering, publishing, renewing
from scheduling.models import MatchingRun, Proposal
from scheduling.queries.rounds.current import upkeep_of
from scheduling.queries.rounds.problem import zone_of_city
from scheduling.views.round_figures import figures_of
from tests import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    """Tomorrow noon in the city: no night comes by itself."""
    noon = (timezone.now() + DAY).astimezone(zone_of_city()).replace(hour=12, minute=0)
    return noon.replace(second=0, microsecond=0).astimezone(UTC)


class Kept:
    """A round of the city that is kept up to date, and what follows it."""

    def __init__(self, city):
        self.city = city
        self.spare = make.equipment(city.owner, last_safety_test=city.now.date())
        make.offer(self.spare, now=city.now, intervals=[(city.now, city.now + 14 * DAY)])
        self.first = city.computed()
        self.keep(self.first)

    def keep(self, run, wanted=True):
        renewing.keep_current(run=run, wanted=wanted, by=self.city.official, now=self.city.now)

    def post(self, now, **terms):
        """A need of the borrower, as it posts one."""
        times = {"starts_at": now + 96 * HOUR, "ends_at": now + 98 * HOUR}
        return needs.post(
            institution=self.city.borrower, kind="equipment", what="Ventilator",
            category=self.city.device.category, terms=NeedTerms(**times | terms),
            by=self.city.asker, now=now,
        )  # fmt: skip

    def revised(self, now) -> MatchingRun:
        """The revision that the job orders, computed."""
        assert renewing.renew(now=now) == 1
        run = MatchingRun.unscoped.latest("pk")
        ordering.start_waiting(launch=lambda pk: None, now=now)
        assert computing.compute(run=run, clock=lambda: now)
        run.refresh_from_db()
        assert run.state == "proposed", run.error
        return run


@pytest.fixture
def kept(city):
    return Kept(city)


def lines(run) -> set[tuple]:
    rows = Proposal.unscoped.filter(run=run, state="proposed")
    return set(rows.values_list("need", "resource", "starts_at", "ends_at"))


def test_nothing_is_revised_that_nobody_asked_to_keep(kept):
    kept.keep(kept.first, wanted=False)
    kept.post(kept.city.now)
    assert renewing.renew(now=kept.city.now + 2 * DAY) == 0


def test_a_change_is_answered_once_and_not_before_a_pause(kept):
    now = kept.city.now
    assert renewing.renew(now=now + HOUR) == 0  # nothing has happened
    kept.post(now)
    assert renewing.renew(now=now + 14 * MINUTE) == 0
    run = kept.revised(now + 15 * MINUTE)
    assert (run.cause, run.parent) == ("changed", kept.first)
    assert renewing.renew(now=now + HOUR) == 0  # the new round has seen it


def test_a_revision_keeps_what_was_proposed_and_adds_what_came(kept):
    before = lines(kept.first)
    need = kept.post(kept.city.now)
    after = lines(kept.revised(kept.city.now + HOUR))
    assert len(before) == 2
    assert before < after
    assert {row[0] for row in after - before} == {need.pk}


def test_what_was_withdrawn_frees_its_device_for_who_waited(kept):
    """Both devices are taken at that time; the third need waits until one is withdrawn."""
    now = kept.city.now
    kept.post(now, starts_at=kept.city.urgent.starts_at, ends_at=kept.city.urgent.ends_at,
              priority="stat", justification="Two critical patients")  # fmt: skip
    second = kept.revised(now + HOUR)
    assert {row[0] for row in lines(second)} >= {kept.city.urgent.pk}
    assert kept.city.routine.pk not in {row[0] for row in lines(second)}
    kept.city.urgent.refresh_from_db()
    needs.withdraw(need=kept.city.urgent, by=kept.city.asker, now=now + HOUR)
    third = kept.revised(now + 2 * HOUR)
    assert kept.city.routine.pk in {row[0] for row in lines(third)}
    assert third.parent == second


def test_the_mark_moves_on_and_the_page_of_an_old_round_finds_the_new_one(kept):
    kept.post(kept.city.now)
    run = kept.revised(kept.city.now + HOUR)
    kept.first.refresh_from_db()
    assert (kept.first.keeps_current, run.keeps_current) == (False, True)
    found = upkeep_of(kept.first)
    assert (found.newest, found.is_kept, found.since) == (run, True, kept.city.now + HOUR)
    assert not found.is_newest(kept.first)
    kept.post(kept.city.now + HOUR)
    assert renewing.renew(now=kept.city.now + 2 * HOUR) == 1
    assert upkeep_of(kept.first).under_way.parent == run


def test_at_night_it_is_brought_up_to_date_once_though_nothing_happened(kept):
    midnight = (kept.city.now + DAY).astimezone(zone_of_city()).replace(hour=0)
    assert renewing.renew(now=midnight + 2 * HOUR) == 0
    run = kept.revised(midnight + 3 * HOUR)
    assert run.cause == "nightly"
    assert lines(run) == lines(kept.first)
    assert run.results["revision"] == {"needs": [], "offers": [], "anew": []}
    assert renewing.renew(now=midnight + 20 * HOUR) == 0
    assert renewing.renew(now=midnight + 28 * HOUR) == 1


def test_what_is_agreed_or_waits_is_kept_and_what_was_declined_looks_for_another(kept):
    city = kept.city
    publishing.publish(run=kept.first, by=city.official, now=city.now)
    yes, no = (
        Proposal.unscoped.get(run=kept.first, need=need) for need in (city.urgent, city.routine)
    )
    made = city.accepted(yes)
    answering.decline(
        proposal=no, institution=city.owner, reason_code="not_ready", by=city.approver,
        now=city.now,
    )  # fmt: skip
    assert made.state == "requested"
    third = make.equipment(city.owner, last_safety_test=city.now.date())
    make.offer(third, now=city.now, intervals=[(city.now, city.now + 7 * DAY)])
    run = kept.revised(city.now + HOUR)
    assert {row[:2] for row in lines(run)} == {(city.routine.pk, third.pk)}
    yes.refresh_from_db()
    assert yes.state == "asked"


def test_what_was_pinned_and_what_was_struck_carry_over(kept):
    pinned = Proposal.unscoped.get(run=kept.first, need=kept.city.urgent)
    struck = Proposal.unscoped.get(run=kept.first, need=kept.city.routine)
    Proposal.unscoped.filter(pk=pinned.pk).update(pinned=True)
    Proposal.unscoped.filter(pk=struck.pk).update(state="struck", struck_reason="Another ward")
    kept.post(kept.city.now)
    run = kept.revised(kept.city.now + HOUR)
    again = Proposal.unscoped.get(run=run, need=kept.city.urgent)
    assert (again.pinned, again.resource) == (True, pinned.resource)
    pairs = Proposal.unscoped.filter(run=run, need=struck.need, resource=struck.resource)
    assert not pairs.exists()


def test_a_revision_replays(kept):
    kept.post(kept.city.now)
    run = kept.revised(kept.city.now + HOUR)
    out = StringIO()
    call_command("replay_round", f"R-{run.pk}", stdout=out)
    assert f"R-{run.pk}: same, 3 matches" in out.getvalue()
    assert run.results["revision"]["anew"] == ["equipment"]  # one of three needs is new


def test_a_revision_that_failed_is_not_tried_again_before_the_night(kept):
    kept.post(kept.city.now)
    assert renewing.renew(now=kept.city.now + HOUR) == 1
    MatchingRun.unscoped.filter(cause="changed").update(
        state="failed", finished_at=kept.city.now + HOUR, error="died"
    )
    assert renewing.renew(now=kept.city.now + 5 * HOUR) == 0
    night = (kept.city.now + DAY).astimezone(zone_of_city()).replace(hour=3)
    assert kept.revised(night).parent == kept.first


def test_who_may_no_longer_run_rounds_is_followed_no_longer(kept):
    kept.post(kept.city.now)
    kept.city.official.groups.clear()
    assert renewing.renew(now=kept.city.now + HOUR) == 0
    assert not MatchingRun.unscoped.filter(keeps_current=True).exists()


def test_of_a_scope_one_round_is_kept_and_only_by_who_may(kept):
    another = kept.city.computed()
    kept.keep(another)
    assert list(MatchingRun.unscoped.filter(keeps_current=True)) == [another]
    with pytest.raises(NotAnOfficial):
        renewing.keep_current(run=another, wanted=False, by=kept.city.approver, now=kept.city.now)
    waiting = kept.city.order()
    with pytest.raises(renewing.NotComputed):
        kept.keep(waiting)


def test_a_hospitals_own_round_follows_its_own_needs_and_everybodys_offers(city):
    terms = ordering.RoundTerms(kinds=("equipment",))
    run = ordering.order(terms=terms, institution=city.borrower, by=city.asker, now=city.now)
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    assert computing.compute(run=run, clock=lambda: city.now)
    run.refresh_from_db()
    renewing.keep_current(run=run, wanted=True, by=city.asker, now=city.now)
    stranger = make.institution("stranger")
    asks = make.user(at=stranger, role="coordinator")
    times = {"starts_at": city.now + 60 * HOUR, "ends_at": city.now + 62 * HOUR}
    ask = {"kind": "equipment", "what": "Ventilator", "category": city.device.category,
           "terms": NeedTerms(**times), "now": city.now}  # fmt: skip
    needs.post(institution=stranger, by=asks, **ask)
    assert renewing.renew(now=city.now + HOUR) == 0
    needs.post(institution=city.borrower, by=city.asker, **ask)
    assert renewing.renew(now=city.now + HOUR) == 1


def test_a_consortiums_round_follows_its_members_and_nobody_else(city):
    """Beside a round of the whole city, which is kept up to date as well."""
    group = make.consortium(city.owner, city.borrower)
    stranger, left = make.institution("stranger"), make.institution("left")
    yesterday = city.now.date() - DAY
    make.join(group, left, since=yesterday - DAY, until=yesterday)
    run = city.computed(scope="consortium", consortium=group)
    citys = city.computed()
    for each in (run, citys):
        renewing.keep_current(run=each, wanted=True, by=city.official, now=city.now)
    assert MatchingRun.unscoped.filter(keeps_current=True).count() == 2
    renewing.keep_current(run=citys, wanted=False, by=city.official, now=city.now)
    times = {"starts_at": city.now + 96 * HOUR, "ends_at": city.now + 98 * HOUR}
    ask = {"kind": "equipment", "what": "Ventilator", "category": city.device.category,
           "terms": NeedTerms(**times), "now": city.now}  # fmt: skip
    for outside in (stranger, left):
        needs.post(institution=outside, by=make.user(at=outside, role="coordinator"), **ask)
    assert renewing.renew(now=city.now + HOUR) == 0
    needed = needs.post(institution=city.borrower, by=city.asker, **ask)
    assert renewing.renew(now=city.now + HOUR) == 1
    after = MatchingRun.unscoped.latest("pk")
    assert (after.scope, after.consortium, after.parent, after.line) == (
        "consortium", group, run, run,
    )  # fmt: skip
    ordering.start_waiting(launch=lambda pk: None, now=city.now + HOUR)
    assert computing.compute(run=after, clock=lambda: city.now + HOUR)
    rows = Proposal.unscoped.filter(run=after)
    assert needed.pk in set(rows.values_list("need", flat=True))
    sides = {*rows.values_list("owner__slug", flat=True)}
    sides |= {*rows.values_list("borrower__slug", flat=True)}
    assert sides == {"owner", "borrower"}


def test_a_page_tells_the_kinds_that_were_solved_anew_apart_and_that_the_time_ran_out(run):
    row = {"status": "feasible", "seconds": 1.0, "tiers": [["urgent", 1, None]], "notes": []}
    kinds = {"staff": row, "equipment": row | {"notes": ["out_of_time"]}}
    revision = {"needs": [], "offers": [], "anew": ["equipment"]}
    run.results = run.results | {"kinds": kinds, "revision": revision}
    found = figures_of(run)
    assert [words for _kind, words, _tiers in found.proofs] == [
        "no bound: only what changed was decided again",
        "no bound is known",
    ]
    assert found.notes == [
        ("Equipment", "The time ran out: this is the best plan found until then.")
    ]
