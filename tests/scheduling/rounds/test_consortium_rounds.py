"""A member runs a round of its consortium; the other members see it, nobody else does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import AuditEvent, ConsortiumMembership
from resources.models import Resource, ResourceAudience
from scheduling.actions.rounds import computing, ordering, publishing, renewing
from scheduling.models import MatchingRun, Proposal
from scheduling.round_states import RoundScope
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at(name, institution, *args):
    return reverse(f"scheduling:{name}", args=[institution.slug, *args])


def text(response):
    return closed(response).content.decode()


def key(number):
    return {"idempotency_key": f"key-of-form-{number}"}


class Circle:
    """``owner`` has a device for each of two members that need one; ``stranger`` is in no
    consortium, and has a device and a need as well."""

    def __init__(self, now, owner, borrower):
        self.now, self.owner, self.borrower = now, owner, borrower
        self.third, self.stranger = make.institution("third"), make.institution("stranger")
        self.consortium = make.consortium(owner, borrower, self.third)
        self.devices = [self.offered(owner), self.offered(owner)]
        self.elsewhere = self.offered(self.stranger)
        category = self.devices[0].category
        self.needs = {
            row.slug: make.need(row, category=category, now=now)
            for row in (borrower, self.third, self.stranger)
        }
        self.asker = make.user(at=borrower, role="coordinator")

    def offered(self, institution):
        device = make.equipment(institution, last_safety_test=self.now.date())
        make.offer(device, now=self.now, intervals=[(self.now, self.now + 7 * DAY)])
        return device

    def order(self, **fields):
        terms = {"scope": RoundScope.CONSORTIUM, "consortium": self.consortium}
        terms = ordering.RoundTerms(kinds=("equipment",), **(terms | fields))
        return ordering.order(terms=terms, institution=self.borrower, by=self.asker, now=self.now)

    def computed(self):
        run = self.order()
        ordering.start_waiting(launch=lambda pk: None, now=self.now)
        assert computing.compute(run=run, clock=lambda: self.now)
        run.refresh_from_db()
        return run

    def published(self):
        run = self.computed()
        publishing.publish(run=run, by=self.asker, now=self.now)
        run.refresh_from_db()
        return run

    def leaves(self, institution):
        rows = ConsortiumMembership.objects.filter(institution=institution)
        rows.update(valid_until=self.now.date() - 2 * DAY)


@pytest.fixture
def circle(now, owner, borrower):
    return Circle(now, owner, borrower)


def test_a_member_chooses_the_scope_and_the_round_stays_among_the_members(client, circle):
    client.force_login(circle.asker)
    page = at("round-order", circle.borrower)
    scope = f"consortium-{circle.consortium.pk}"
    assert f'value="{scope}"' in text(client.get(page))
    sent = {"scope": scope, "kinds": ["equipment"], "days": 7, "fairness": "1"}
    answer = client.post(page, sent | key(1))
    run = MatchingRun.unscoped.get()
    assert answer.url == at("round", circle.borrower, run.pk)
    assert (run.scope, run.consortium, run.institution) == (
        "consortium", circle.consortium, circle.borrower,
    )  # fmt: skip
    ordering.start_waiting(launch=lambda pk: None, now=circle.now)
    assert computing.compute(run=run, clock=lambda: circle.now)
    pairs = {(row.owner.slug, row.borrower.slug) for row in Proposal.unscoped.filter(run=run)}
    assert pairs == {("owner", "borrower"), ("owner", "third")}
    assert client.post(at("round-publish", circle.borrower, run.pk), key(2)).status_code == 302
    assert set(Proposal.unscoped.values_list("state", flat=True)) == {"published"}
    assert circle.devices[0].code in text(client.get(at("round", circle.borrower, run.pk)))


@pytest.mark.parametrize("scope", ["city", "consortium-0", "consortium-x", "theirs", ""])
def test_any_other_scope_is_an_error_beside_the_field(client, circle, scope):
    client.force_login(circle.asker)
    theirs = make.consortium(circle.stranger)
    scope = f"consortium-{theirs.pk}" if scope == "theirs" else scope
    sent = {"scope": scope, "kinds": ["equipment"], "days": 7, "fairness": "1"}
    answer = client.post(at("round-order", circle.borrower), sent | key(1))
    assert answer.status_code == 422
    assert "scope" in answer.context["form"].errors
    assert not MatchingRun.unscoped.exists()


def test_who_is_no_member_any_more_neither_orders_nor_publishes(circle):
    run = circle.computed()
    circle.leaves(circle.borrower)
    steps = (
        lambda: circle.order(),
        lambda: publishing.publish(run=run, by=circle.asker, now=circle.now),
        lambda: renewing.keep_current(run=run, wanted=True, by=circle.asker, now=circle.now),
    )
    for step in steps:
        with pytest.raises(ordering.NotAMember):
            step()
    run.refresh_from_db()
    assert (run.state, run.keeps_current) == ("proposed", False)


def test_the_other_members_see_the_round_and_of_its_lines_their_own_once_published(client, circle):
    run = circle.computed()
    theirs, others = (
        Proposal.unscoped.get(run=run, borrower=row) for row in (circle.third, circle.borrower)
    )
    client.force_login(make.user(at=circle.third, role="coordinator"))
    page = at("round", circle.third, run.pk)
    assert page in text(client.get(at("rounds", circle.third)))
    shown = text(client.get(page))
    assert circle.borrower.name in shown
    assert circle.consortium.name in shown
    assert theirs.reference not in shown
    publishing.publish(run=run, by=circle.asker, now=circle.now)
    shown = text(client.get(page))
    assert theirs.reference in shown
    assert others.reference not in shown
    for step in ("round-unmet", "round-stop", "round-keep", "round-publish"):
        assert client.get(at(step, circle.third, run.pk)).status_code == 404


def test_nobody_else_sees_the_round(client, circle):
    run = circle.published()
    late = make.institution("late")
    make.join(circle.consortium, late, since=circle.now.date() + 2 * DAY)
    circle.leaves(circle.third)
    for institution in (circle.stranger, late, circle.third):
        client.force_login(make.user(at=institution, role="coordinator"))
        assert client.get(at("round", institution, run.pk)).status_code == 404
        assert at("round", institution, run.pk) not in text(client.get(at("rounds", institution)))


def test_an_offer_that_is_not_addressed_to_who_runs_the_round_is_not_named(client, circle):
    for device in circle.devices:
        Resource.unscoped.filter(pk=device.pk).update(visibility="named")
        ResourceAudience.unscoped.create(resource=device, institution=circle.third)
    run = circle.computed()
    assert [row.borrower for row in Proposal.unscoped.filter(run=run)] == [circle.third]
    client.force_login(circle.asker)
    shown = text(client.get(at("round", circle.borrower, run.pk)))
    assert "not offered to us" in shown
    assert not any(device.code in shown for device in circle.devices)


def test_the_trail_of_every_member_says_who_ran_a_round_of_theirs(circle):
    circle.published()
    rows = AuditEvent.unscoped.filter(action__startswith="round.").order_by("pk")
    said = {(row.chain, row.action.partition(".")[2], row.actor_name) for row in rows}
    person = str(circle.asker)
    assert said == {
        (chain, action, person if chain == "borrower" else "system")
        for chain in ("owner", "borrower", "third")
        for action in ("ordered", "published")
    }
    assert rows.filter(chain="third").first().data["run_by"]["en"] == circle.borrower.name_en


def test_the_city_and_a_member_each_keep_a_round_of_a_consortium_up_to_date(circle):
    ours = circle.computed()
    citys = make.matching_run(now=circle.now, scope="consortium", consortium=circle.consortium)
    official = make.city_user()
    renewing.keep_current(run=ours, wanted=True, by=circle.asker, now=circle.now)
    renewing.keep_current(run=citys, wanted=True, by=official, now=circle.now)
    kept = MatchingRun.unscoped.filter(keeps_current=True)
    assert set(kept) == {ours, citys}
    assert renewing.renew(now=circle.now + DAY) == 2
    assert {(row.scope, row.institution) for row in MatchingRun.unscoped.filter(cause="nightly")} == {
        ("consortium", circle.borrower), ("consortium", None),
    }  # fmt: skip
