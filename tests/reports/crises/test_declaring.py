"""The city declares a crisis, in its pages: what it reaches, once, and by whom."""

import re

import pytest
from django.utils import timezone

from medshare_portal import crises
from medshare_portal.models import (
    AuditEvent,
    Code,
    CodeSystem,
    Consortium,
    ConsortiumMembership,
    Crisis,
    CrisisAct,
    Notification,
)
from scheduling.states import State
from tests import make
from tests.reports.crises.pages import DECLARED, HOUR, declare, emergency, end, post

pytestmark = pytest.mark.django_db


def test_declaring_asks_once_more_and_tells_everybody(client, official, pair):
    owner, _borrower = pair
    head = make.user(at=owner, role="approver")
    onlooker = make.user(at=owner, role="viewer")
    asked = post(client, "/city/crises/declare/", DECLARED)
    assert asked.status_code == 200
    assert "Institutions within the scope: 2" in asked.content.decode()
    assert 'name="confirmed" value="on"' in asked.content.decode()
    assert not Crisis.objects.exists()
    answer = declare(client)
    crisis = Crisis.objects.get()
    assert answer["Location"] == f"/city/crises/{crisis.pk}/"
    assert (crisis.whole_city, crisis.reach.count(), crisis.relaxations.count()) == (True, 2, 3)
    assert crisis.ends_at - crisis.starts_at == 72 * HOUR
    told = Notification.unscoped.filter(event="crisis.declared").values_list("user", flat=True)
    assert set(told) == {official.pk, head.pk}
    assert onlooker.pk not in told
    assert AuditEvent.unscoped.get(action="crisis.declared").chain == "city"


def test_the_question_names_it_in_the_readers_language_and_choices_are_ticked(
    client, official, pair
):
    page = client.get("/city/crises/declare/").text
    assert not re.search(r"<select[^>]* multiple", page)
    assert f'type="checkbox" name="institutions" value="{pair[0].pk}"' in page
    names = {"name_en": "Flood", "name_zh": "洪水"}
    asked = post(client, "/city/crises/declare/", DECLARED | names)
    assert "Name: Flood" in asked.text


def test_a_crisis_of_some_categories_reaches_them_and_those_below(client, official, pair):
    """Ventilators only: another device of the same two stays as it is, a medicine is reached."""
    owner, borrower = pair
    below = make.category("ventilator-neonatal", parent=make.category())
    device, other = make.equipment(owner), make.equipment(owner, category=make.category("ct"))
    chosen = [make.category().pk]
    asked = post(client, "/city/crises/declare/", DECLARED | {"categories": chosen})
    assert "Only: " + make.category().name in asked.content.decode()
    declare(client, categories=chosen, kinds=["equipment", "medicine"])
    running = crises.current(timezone.now())
    assert running.categories == {make.category().pk, below.pk}
    sides = {"owner_id": owner.pk, "borrower_id": borrower.pk}
    reached = [
        running.covers(kind=kind, category_id=key, **sides)
        for kind, key in (
            ("equipment", device.category_id),
            ("equipment", below.pk),
            ("equipment", other.category_id),
            ("medicine", 0),
        )
    ]
    assert reached == [True, True, False, True]
    page = client.get(f"/city/crises/{running.pk}/")
    assert [row.pk for row in page.context["scope"].categories] == chosen


def test_a_category_of_a_kind_that_is_not_ticked_is_refused(client, official, pair):
    answer = declare(client, categories=[make.category().pk], kinds=["medicine"])
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["categories"]
    for wrong in ("0", "x", "99999999999999999999"):
        assert declare(client, categories=[wrong]).status_code == 422
        chosen = {"where": "chosen", "institutions": [wrong]}
        assert declare(client, **chosen).status_code == 422
    assert not Crisis.objects.exists()


def test_hospital_levels_are_named_in_words(client, official, pair):
    owner, _borrower = pair
    system = CodeSystem.objects.create(slug="cn-hospital-level", url="urn:level", name_en="Levels")
    Code.objects.create(system=system, code="33", display_en="Tertiary A")
    type(owner).unscoped.filter(pk=owner.pk).update(hospital_level="33")
    form = client.get("/city/crises/declare/").context["form"]
    assert [words for _code, words in form.fields["levels"].choices] == ["Tertiary A"]


def test_a_double_click_declares_once_and_a_second_crisis_is_refused(client, official, pair):
    first, again = declare(client, "the-same-key"), declare(client, "the-same-key")
    assert first["Location"] == again["Location"]
    assert declare(client).status_code == 409
    assert Crisis.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hours", "0"),
        ("hours", "337"),
        ("hours", "99999999999999999999"),
        ("hours", "x"),
        ("wait_minutes", "-1"),
        ("wait_minutes", "1441"),
        ("kinds", ["beds"]),
        ("kinds", []),
        ("relaxed", ["safety"]),
        ("relaxed", []),
        ("reason", ""),
        ("reason", "x" * 2001),
        ("where", "moon"),
        ("where", "districts"),
        ("where", "chosen"),
        ("where", "levels"),
        ("where", "consortia"),
    ],
)
@pytest.mark.parametrize("confirmed", ["", "on"])
def test_bad_input_is_said_beside_its_field(client, official, pair, field, value, confirmed):
    answer = declare(client, **{field: value, "confirmed": confirmed})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Crisis.objects.exists()


def test_both_names_missing_and_unknown_institutions_are_refused(client, official, pair):
    assert declare(client, name_en="", name_zh="").status_code == 422
    chosen = {"where": "chosen", "institutions": ["987654", "1"]}
    assert declare(client, **chosen).status_code == 422
    closed = make.institution("closed", status="closed")
    chosen = {"where": "chosen", "institutions": [closed.pk, pair[0].pk]}
    assert declare(client, **chosen).status_code == 422


def test_districts_and_chosen_institutions_are_the_scope(client, official, pair):
    owner, borrower = pair
    type(owner).unscoped.filter(pk__in=[owner.pk, borrower.pk]).update(district_en="South")
    far = make.institution("far", district_en="North")
    declare(client, where="districts", districts=["South"])
    crisis = Crisis.objects.get()
    assert set(crisis.reach.values_list("institution", flat=True)) == {owner.pk, borrower.pk}
    client.force_login(make.user(at=far, role="viewer"))
    assert "crisis-bar" not in client.get("/at/far/").content.decode()


def test_levels_and_consortia_of_today_are_a_scope(client, official, pair):
    owner, borrower = pair
    third = make.institution("third", hospital_level="33")
    system = CodeSystem.objects.create(slug="cn-hospital-level", url="urn:level", name_en="Levels")
    Code.objects.create(system=system, code="33", display_en="Grade 3A")
    type(owner).unscoped.filter(pk=owner.pk).update(hospital_level="33")
    union = Consortium.objects.create(slug="east", name_en="East")
    today = timezone.localdate()
    for place, until in ((owner, None), (borrower, today), (third, today - HOUR * 24)):
        ConsortiumMembership.objects.create(
            consortium=union, institution=place, valid_from=today - HOUR * 99, valid_until=until
        )

    def reached(**changes):
        assert declare(client, **changes).status_code == 302
        crisis = Crisis.objects.latest("pk")
        end(crisis)
        return set(crisis.reach.values_list("institution__slug", flat=True))

    assert reached(where="levels", levels=["33"]) == {"owner", "third"}
    assert reached(where="consortia", consortia=["east"]) == {"owner", "borrower"}
    assert declare(client, where="levels", levels=["99"]).status_code == 422


def test_while_one_runs_the_form_for_another_is_not_filled_in(client, official, pair):
    crisis = make.crisis(*pair, by=official)
    answer = client.get("/city/crises/declare/")
    assert (answer.status_code, answer["Location"]) == (302, f"/city/crises/{crisis.pk}/")


def test_the_first_page_refuses_what_the_act_would_refuse(client, official, pair):
    owner, borrower = pair
    type(owner).unscoped.filter(pk=owner.pk).update(district_en="North")
    type(borrower).unscoped.filter(pk=borrower.pk).update(district_en="South")
    alone = declare(client, where="districts", districts=["North"], confirmed="")
    assert "Choose at least two institutions" in alone.content.decode()
    crisis = make.crisis(owner, borrower, by=official)
    shorter = post(client, f"/city/crises/{crisis.pk}/extend/", {"hours": "1", "reason": "x"})
    assert (alone.status_code, shorter.status_code) == (422, 422)
    assert "later than the end so far" in shorter.content.decode()


def test_a_crisis_that_is_ended_twice_says_so_on_its_page(client, official, pair):
    crisis = make.crisis(*pair, by=official)
    address, over = f"/city/crises/{crisis.pk}/end/", {"reason": "Over", "confirmed": "on"}
    first, again = (post(client, address, over, key="the-same-key") for _click in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert CrisisAct.objects.filter(crisis=crisis, act=CrisisAct.Act.ENDED).count() == 1
    assert post(client, address, over).status_code == 409
    page = client.get(address, follow=True)
    assert page.redirect_chain == [(f"/city/crises/{crisis.pk}/", 302)]
    assert "This crisis has ended" in page.content.decode()


def test_too_many_lists_within_a_minute_are_refused_on_a_page(client, official, pair):
    crisis = make.crisis(*pair, by=official)
    address = f"/city/crises/{crisis.pk}/export/"
    answers = [client.post(address, {"format": "csv"}) for _time in range(11)]
    assert {answer.status_code for answer in answers[:10]} == {200}
    assert (answers[10].status_code, 0 < int(answers[10]["Retry-After"]) <= 60) == (429, True)
    assert f"/city/crises/{crisis.pk}/" in answers[10].content.decode()


def test_nobody_but_an_official_declares_extends_ends_or_approves(client, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower)
    request = emergency(owner, borrower)
    pages = ["declare/", f"{crisis.pk}/extend/", f"{crisis.pk}/end/"]
    pages += [f"{crisis.pk}/requests/{request.pk}/"]
    forged = DECLARED | {"confirmed": "on"}
    for person, status in (
        (make.user(at=owner, role="approver"), 404),
        (make.city_user("admin", role="registry_admin"), 403),
    ):
        client.force_login(person)
        for page in pages:
            assert post(client, f"/city/crises/{page}", forged).status_code == status
    crisis.refresh_from_db()
    request.refresh_from_db()
    assert (crisis.is_open, CrisisAct.objects.count(), request.state) == (
        True,
        1,
        State.REQUESTED,
    )
