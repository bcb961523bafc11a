"""The pages of needs, as a browser without script sends them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from medshare_portal import policy
from medshare_portal.models import AuditEvent
from scheduling.actions import needs
from scheduling.models import Need, NeedAnswer
from tests import make
from tests.scheduling.waiting.test_pages import KEY, at, moment, text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def asker(client, city):
    client.force_login(city.asker)
    return client


def test_a_failed_search_is_a_need_with_one_click(asker, city, now):
    query = {"what": "ventilator", "units": 2, "within": 10}
    query |= {"starts_at": moment(now + 50 * HOUR), "ends_at": moment(now + 60 * HOUR)}
    ways = asker.get(at("find", city.first), query).context["instead"]
    for _again in range(2):
        assert asker.post(ways["need_post"], ways["need_now"] | KEY).status_code == 302
    need = Need.unscoped.get()
    assert (need.category, need.quantity, need.within_km) == (city.device.category, 2, 10)
    assert (need.starts_at, need.ends_at) == (now + 50 * HOUR, now + 60 * HOUR)
    assert (need.site, need.priority) == (city.first.sites.first(), "routine")


@pytest.mark.parametrize("unsaid", [{"what": ""}, {"what": "ventilator", "priority": "stat"}])
def test_a_search_that_leaves_something_to_say_leads_to_the_form(asker, city, now, unsaid):
    query = unsaid | {"starts_at": moment(now + 50 * HOUR), "ends_at": moment(now + 60 * HOUR)}
    assert asker.get(at("find", city.first), query).context["instead"]["need_now"] == {}


def test_an_urgent_search_fills_in_the_form_of_the_need(asker, city, now):
    query = {"what": "ventilator", "units": 2, "within": 10, "priority": "urgent"}
    query |= {"starts_at": moment(now + 50 * HOUR), "ends_at": moment(now + 60 * HOUR)}
    page = text(asker.get(at("find", city.first), query))
    assert "Post this as a need" in page
    form = text(asker.get(at("need-post", city.first), query))
    assert 'value="ventilator"' in form
    assert 'name="quantity" value="2"' in form
    sent = {
        "kind": "equipment", "what": "ventilator", "quantity": 2, "priority": "urgent",
        "justification": "Two of ours failed", "within_km": "10",
        "site": city.first.sites.first().pk,
        "starts_at": moment(now + 50 * HOUR), "ends_at": moment(now + 60 * HOUR),
    }  # fmt: skip
    for _again in range(2):
        assert asker.post(at("need-post", city.first), sent | KEY).status_code == 302
    need = Need.unscoped.get()
    assert (need.category, need.quantity, need.within_km) == (city.device.category, 2, 10)


def test_urgent_without_its_reason_is_an_error_beside_the_field(asker, city, now):
    sent = {
        "kind": "equipment", "what": "x", "quantity": 1, "priority": "stat",
        "starts_at": moment(now + 50 * HOUR),
    }  # fmt: skip
    answer = asker.post(at("need-post", city.first), sent | KEY)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"justification", "ends_at"}
    assert not Need.unscoped.exists()


def test_a_window_and_a_moment_are_not_both_given(asker, city, now):
    sent = {
        "kind": "equipment", "what": "x", "quantity": 1, "priority": "routine",
        "starts_at": moment(now + 50 * HOUR), "ends_at": moment(now + 60 * HOUR),
        "needed_by": moment(now + 55 * HOUR),
    }  # fmt: skip
    answer = asker.post(at("need-post", city.first), sent | KEY)
    assert set(answer.context["form"].errors) == {"needed_by"}
    assert not Need.unscoped.exists()


def test_a_kind_that_the_role_may_not_ask_for_is_not_offered(asker, city, now):
    page = asker.get(at("need-post", city.first))
    offered = [code for code, _label in page.context["form"].fields["kind"].choices]
    assert set(offered) == {"equipment", "staff", "information"}
    sent = {
        "kind": "medicine", "what": "heparin", "quantity": 1, "priority": "routine",
        "needed_by": moment(now + 50 * HOUR),
    }  # fmt: skip
    answer = asker.post(at("need-post", city.first), sent | KEY)
    assert answer.status_code == 422
    assert "Choose a kind that your role may ask for." in text(answer)
    assert not Need.unscoped.exists()


def test_a_need_that_has_ended_says_so_before_a_form_is_filled_in(asker, city, now):
    need = make.need(city.first, now=now, state="withdrawn", ended_at=now)
    answer = asker.get(at("need-amend", city.first, need.pk), follow=True)
    assert answer.redirect_chain == [(at("need-detail", city.first, need.pk), 302)]
    assert str(needs.NeedEnded.message) in text(answer)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Mrs Zhang waits, call 138 1234 5678", "telephone number"),
        ("患者：张伟，11010519491231002X", "identity number, name"),
    ],
)
def test_data_of_a_person_is_refused_beside_the_reason(asker, city, now, words, what):
    sent = {
        "kind": "equipment", "what": "pump", "quantity": 1, "priority": "urgent",
        "needed_by": moment(now + 50 * HOUR), "justification": words,
    }  # fmt: skip
    answer = asker.post(at("need-post", city.first), sent | KEY)
    [said] = answer.context["form"].errors["justification"]
    assert said == f"This looks like data of a person ({what}): leave it out."
    assert answer.status_code == 422
    others = {"what": words, "skills": words, "note": words, "justification": "Ours failed"}
    errors = asker.post(at("need-post", city.first), sent | others | KEY).context["form"].errors
    assert set(errors) == {"what", "skills", "note"}
    assert not Need.unscoped.exists()


def upload(client, city, *lines):
    file = SimpleUploadedFile("needs.csv", "\n".join(lines).encode())
    return client.post(at("need-import", city.first), {"file": file} | KEY)


HEAD = "kind,what,needed_by,quantity,priority,justification"


def test_a_file_is_shown_row_by_row_with_each_error_at_its_cell(asker, city, now):
    soon = moment(now + 90 * HOUR)
    good, bad = f"equipment,ventilator,{soon},2,,", f"equipment,,{soon},none,stat,"
    past = f"equipment,pump,{moment(now - HOUR)},1,,"
    answer = upload(asker, city, HEAD, good, bad, past)
    assert answer.status_code == 422
    found = {row.line: set(row.errors) for row in answer.context["rows"]}
    assert found == {2: set(), 3: {"what", "quantity", "justification"}, 4: {"needed_by"}}
    twice = upload(asker, city, HEAD, good, good).context["rows"][1]
    assert list(twice.errors.values()) == [["This is the same as line 2 of the file."]]
    foreign = upload(asker, city, HEAD, f"medicine,heparin,{soon},1,,").context["rows"]
    assert foreign[0].errors == {"kind": ["Choose a kind that your role may ask for."]}
    assert not answer.context["token"]
    assert upload(asker, city, "kind,colour", "equipment,red").status_code == 422
    assert not Need.unscoped.exists()
    assert not AuditEvent.unscoped.filter(action="need.posted").exists()


def test_the_page_says_what_each_column_may_hold(asker, city):
    columns = asker.get(at("need-import", city.first)).context["columns"]
    allowed = {column["name"]: column["choices"] for column in columns}
    assert allowed["within_km"] == ["5", "10", "15", "25", "50"]
    assert allowed["needed_by"] == ["such as 2026-11-25 08:00"]
    assert allowed["note"] == []


def test_what_was_shown_is_posted_once_by_who_was_shown_it(asker, client, city, now):
    good = f"equipment,ventilator,{moment(now + 90 * HOUR)},2,,"
    shown = upload(asker, city, HEAD, good, good.replace("ventilator", "pump"))
    assert (shown.status_code, Need.unscoped.exists()) == (200, False)
    confirm = at("need-import-confirm", city.first)
    sent = {"token": shown.context["token"]} | KEY
    client.force_login(city.rival)
    stolen = client.post(at("need-import-confirm", city.second), sent)
    assert (stolen.status_code, Need.unscoped.exists()) == (410, False)
    client.force_login(city.asker)
    for _again in range(2):
        assert client.post(confirm, sent).status_code == 302
    assert sorted(Need.unscoped.values_list("what", "quantity")) == [("pump", 2), ("ventilator", 2)]
    other_key = sent | {"idempotency_key": "another-key"}
    assert client.post(confirm, other_key).status_code == 410
    forged = {"token": "forged", "idempotency_key": "a-third-key-of-a-form"}
    assert client.post(confirm, forged).status_code == 410


def test_when_one_row_can_no_longer_be_posted_none_is(asker, city, now):
    good = f"equipment,ventilator,{moment(now + 90 * HOUR)},2,,"
    shown = upload(asker, city, HEAD, good, good)
    limit = policy.current().needs.most_open
    Need.unscoped.bulk_create(
        Need(
            institution=city.first, kind="equipment", what="bed", needed_by=now + 90 * HOUR,
            priority="routine", created_at=now, created_by=city.asker, expires_at=now + 90 * HOUR,
        )
        for _n in range(limit - 1)
    )  # fmt: skip
    sent = {"token": shown.context["token"]} | KEY
    assert asker.post(at("need-import-confirm", city.first), sent).status_code == 422
    assert Need.unscoped.count() == limit - 1


def test_an_answer_is_taken_back_on_its_page(client, city, now):
    need = make.need(city.first, category=city.device.category, now=now)
    answer = make.need_answer(need, city.device, now=now)
    client.force_login(make.user(at=city.owner, role="coordinator"))
    page = at("need-take-back", city.owner, answer.pk)
    assert page in text(client.get(at("need-detail", city.owner, need.pk)))
    assert client.post(page, KEY).status_code == 302
    assert "Taken back" in text(client.get(at("need-detail", city.owner, need.pk)))
    assert client.get(page).status_code == 404


def test_who_may_not_offer_the_kind_is_shown_no_button_for_it(client, city, now):
    make.need(city.first, category=city.device.category, now=now)
    client.force_login(make.user(at=city.owner, role="pharmacist"))
    assert "We can help" not in text(client.get(at("needs", city.owner)))


def test_the_owner_sees_the_need_at_its_device_and_at_home_and_answers(client, city, now):
    need = make.need(city.first, category=city.device.category, now=now, justification="CANARY why")
    client.force_login(make.user(at=city.owner, role="coordinator"))
    device = reverse("resources:resource-detail", args=[city.owner.slug, city.device.pk])
    assert "Others need this" in text(client.get(device))
    home = reverse("reports:home", args=[city.owner.slug])
    assert "Others need what you have" in text(client.get(home))
    page = at("need-answer", city.owner, need.pk)
    assert "We can help" in text(client.get(page))
    theirs = make.equipment(city.second)
    wrong = client.post(page, {"resource": theirs.pk} | KEY)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["resource"])
    assert client.post(page, {"resource": city.device.pk, "note": "NOTE"} | KEY).status_code == 302
    assert NeedAnswer.unscoped.get().institution == city.owner


def test_who_has_answered_is_not_asked_again(client, city, now):
    need = make.need(city.first, category=city.device.category, now=now)
    answer = make.need_answer(need, city.device, now=now)
    client.force_login(make.user(at=city.owner, role="coordinator"))
    device = reverse("resources:resource-detail", args=[city.owner.slug, city.device.pk])
    home, button = reverse("reports:home", args=["owner"]), at("need-answer", city.owner, need.pk)
    for page in (device, at("needs", city.owner)):
        shown = text(client.get(page))
        assert "You said that you can help" in shown
        assert button not in shown
    assert "Others need what you have" not in text(client.get(home))
    NeedAnswer.unscoped.filter(pk=answer.pk).update(taken_back_at=now + HOUR)
    for page in (device, at("needs", city.owner), home):
        assert button in text(client.get(page))


def test_a_need_that_ended_without_an_answer_awaits_none(asker, city, now):
    need = make.need(city.first, category=city.device.category, now=now)
    Need.unscoped.filter(pk=need.pk).update(state="expired", ended_at=now)
    shown = text(asker.get(at("need-detail", city.first, need.pk)))
    assert "Nobody said that they can help" in shown
    assert "Nobody has answered yet" not in shown


def test_a_third_hospital_reads_the_need_but_not_who_can_help(client, city, now):
    need = make.need(city.first, category=city.device.category, now=now)
    NeedAnswer.unscoped.create(
        need=need, institution=city.owner, resource=city.device, note="CANARY-note",
        answered_at=now, answered_by=make.user(at=city.owner),
    )  # fmt: skip
    client.force_login(city.rival)
    page = text(client.get(at("need-detail", city.second, need.pk)))
    assert need.institution.name in page
    assert "CANARY-note" not in page
    assert city.owner.name not in page
    client.force_login(city.asker)
    assert "CANARY-note" in text(client.get(at("need-detail", city.first, need.pk)))
    Need.unscoped.update(state="withdrawn", ended_at=now)
    client.force_login(city.rival)
    assert client.get(at("need-detail", city.second, need.pk)).status_code == 404


def test_a_search_of_the_catalogue_that_finds_nothing_leads_to_a_need(client, city):
    client.force_login(make.user(at=city.first, role="pharmacist"))
    found = reverse("resources:resource-list", args=[city.first.slug])
    page = text(client.get(found, {"kind": "medicine", "q": "no such <drug>"}))
    [link] = re.findall(r'href="([^"]*/needs/post/[^"]*)"', page)
    form = client.get(unescape(link)).context["form"]
    assert (form.initial["kind"], form.initial["what"]) == ("medicine", "no such <drug>")
