"""The registry: who enters, what is audited, what stays closed."""

import json

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal.admin.base import RegistryAdmin
from medshare_portal.models import AuditEvent, Institution, RoleAssignment, RoleGroup, User
from medshare_portal.registry_import import waiting_files
from resources.models import Resource
from scheduling.models import SharingRequest
from tests import make

BACKEND = "medshare_portal.backends.PortalBackend"


@pytest.fixture
def registrar(db):
    return make.city_user("registrar", role="registry_admin")


@pytest.fixture
def lists(db):
    """What ``make.institution`` says of every institution."""
    make.code("A100", system="cn-institution-type", display_en="General hospital")
    make.code("32", system="cn-hospital-level", display_en="Tertiary A")


@pytest.fixture
def registry(client, registrar):
    client.force_login(registrar, backend=BACKEND)
    return client


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_staff_and_superuser_flags_open_nothing(client, db):
    person = make.user("boss", is_staff=True, is_superuser=True)
    client.force_login(person, backend=BACKEND)
    assert client.get("/admin/").status_code == 403


def test_a_stranger_is_sent_to_the_portals_sign_in(client, db):
    answer = client.get("/admin/medshare_portal/institution/", follow=True)
    last, status = answer.redirect_chain[-1]
    assert (last.split("?")[0], status) == ("/account/sign-in/", 302)


def test_a_role_that_ended_opens_nothing(registry, registrar):
    assert registry.get("/admin/").status_code == 200
    registrar.groups.clear()
    assert registry.get("/admin/").status_code == 403


def test_the_registry_is_read_in_the_language_chosen_on_its_own_page(registry, registrar):
    path = list_of(Institution) + "?q=renhe"
    page = registry.get(path).content.decode()
    assert f'action="{reverse("set_language")}"' in page
    assert f'<input type="hidden" name="next" value="{path}">' in page
    answer = registry.post(reverse("set_language"), {"language": "zh-hans", "next": path})
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    registrar.refresh_from_db()
    assert registrar.language == "zh-hans"
    assert 'lang="zh-hans"' in registry.get(path).content.decode()


@pytest.mark.parametrize("model", [Institution, User, Resource])
def test_the_registrys_lists_answer(registry, model):
    make.equipment(make.institution("renhe"))
    assert registry.get(list_of(model)).status_code == 200


def test_every_registered_table_is_one_of_ours():
    assert all(isinstance(table, RegistryAdmin) for table in admin.site._registry.values())


def change_institution(registry, institution, **fields):
    page = registry.get(f"/admin/medshare_portal/institution/{institution.pk}/change/")
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in shown.items()} | fields
    values |= {"sites-TOTAL_FORMS": 0, "sites-INITIAL_FORMS": 0, "licence_valid_to": "2040-01-01"}
    return registry.post(f"/admin/medshare_portal/institution/{institution.pk}/change/", values)


def test_a_change_is_audited_before_and_after_in_the_institutions_chain(registry, registrar, lists):
    renhe = make.institution("renhe", beds=100, with_site=False)
    answer = change_institution(registry, renhe, beds=120)
    assert answer.status_code == 302, answer.context["errors"]
    event = AuditEvent.unscoped.get(action="registry.changed")
    assert (event.chain, event.actor_id, event.object_id) == ("renhe", registrar.pk, str(renhe.pk))
    assert event.data["rows"][0]["changes"] == {"beds": ["100", "120"]}


def test_the_short_name_of_an_institution_never_changes(registry):
    renhe = make.institution("renhe", with_site=False)
    change_institution(registry, renhe, slug="other")
    renhe.refresh_from_db()
    assert renhe.slug == "renhe"


def test_an_institutions_level_is_chosen_from_the_citys_list(registry, lists):
    """GEN-10"""
    renhe = make.institution("renhe")
    page = registry.get(f"{list_of(Institution)}{renhe.pk}/change/")
    form = page.context["adminform"].form
    assert form.fields["hospital_level"].choices == [("", "–"), ("32", "32 Tertiary A")]
    values = {name: form[name].value() or "" for name in form.fields} | {"hospital_level": "99"}
    refused = registry.post(f"{list_of(Institution)}{renhe.pk}/change/", values)
    assert "“99” is not a code of this list." in str(refused.context["errors"])


def test_a_new_institution_gets_its_role_groups(registry):
    fields = {"slug": "new", "name_en": "New", "status": "active", "uscc": make.places._uscc(9999),
              "beds": 1, "service_population": 0, "sites-TOTAL_FORMS": 0, "sites-INITIAL_FORMS": 0}  # fmt: skip
    assert registry.post("/admin/medshare_portal/institution/add/", fields).status_code == 302
    assert RoleGroup.unscoped.filter(institution__slug="new").count() == 8


def test_a_role_given_here_works_at_once_and_ends_at_once(registry):
    renhe = make.institution("renhe")
    person = make.user("li.wei")
    group = make.grant(make.user("other"), "viewer", at=renhe)
    fields = {"user": person.pk, "role_group": group.pk, "valid_from": "2026-01-01"}
    registry.post("/admin/medshare_portal/roleassignment/add/", fields)
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    assert browser.get("/at/renhe/").status_code == 200
    assignment = RoleAssignment.objects.get(user=person)
    registry.post(f"/admin/medshare_portal/roleassignment/{assignment.pk}/delete/", {"post": "yes"})
    assert browser.get("/at/renhe/").status_code == 404
    actions = AuditEvent.unscoped.filter(chain="renhe").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "registry.added",
        "registry.deleted",
    ]


def test_unoffered_fields_of_a_person_are_ignored(registry):
    person = make.user("li.wei")
    fields = {"username": "li.wei", "full_name": "Li Wei", "is_active": "on", "is_superuser": "on",
              "is_staff": "on", "password": "x", "role_assignments-TOTAL_FORMS": 0,
              "role_assignments-INITIAL_FORMS": 0}  # fmt: skip
    registry.post(f"/admin/medshare_portal/user/{person.pk}/change/", fields)
    person.refresh_from_db()
    assert (person.full_name, person.is_superuser, person.is_staff) == ("Li Wei", False, False)
    assert person.check_password(make.PASSWORD)


def test_the_workflow_can_be_read_and_not_written(registry):
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    asked = make.sharing_request(make.equipment(owner), borrower)
    address = f"/admin/scheduling/sharingrequest/{asked.pk}"
    assert registry.get(f"{address}/change/").status_code == 200
    assert registry.post(f"{address}/change/", {"state": "approved"}).status_code == 403
    assert registry.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert SharingRequest.unscoped.get(pk=asked.pk).state == asked.state


def test_an_institution_cannot_be_deleted(registry):
    renhe = make.institution("renhe")
    address = f"/admin/medshare_portal/institution/{renhe.pk}/delete/"
    assert registry.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "query", ["password__startswith=a", "role_assignments__user__password__startswith=a",
              "groups__user__password__regex=a"]
)  # fmt: skip
def test_lookups_through_relations_are_refused(registry, query, logged_errors):
    make.user("li.wei")
    with_filter = registry.get(f"{list_of(User)}?{query}")
    assert with_filter.status_code == 400
    assert [record.name for record in logged_errors] == [
        "django.security.DisallowedModelAdminLookup"
    ]


def test_ending_sessions_signs_people_out(registry):
    person, browser = make.user("li.wei"), Client()
    browser.force_login(person, backend=BACKEND)
    registry.post(list_of(User), {"action": "end_sessions", "_selected_action": [person.pk]})
    assert browser.get("/account/profile/").status_code == 302
    assert registry.get("/admin/").status_code == 200


IMPORT = "/admin/medshare_portal/institution/import/"


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def upload(registry, text, name="x.csv"):
    return registry.post(IMPORT, {"file": SimpleUploadedFile(name, text.encode())})


def test_an_import_shows_what_would_happen_and_then_happens(registry):
    renhe = make.institution("renhe", beds=1)
    checked = upload(registry, "slug,beds\nrenhe,7\n")
    assert dict(checked.context["counts"]) == {"new": 0, "updated": 1, "unchanged": 0}
    renhe.refresh_from_db()
    assert renhe.beds == 1
    token = checked.context["token"]
    assert registry.post(IMPORT, {"token": token})["Location"] == list_of(Institution)
    renhe.refresh_from_db()
    assert renhe.beds == 7
    assert json.dumps(AuditEvent.unscoped.get(action="registry.imported").data["updated"]) == (
        '{"renhe": {"beds": ["1", "7"]}}'
    )
    assert registry.post(IMPORT, {"token": token}).status_code == 410


@pytest.mark.parametrize("text", ["", "colour\nred\n", "slug,beds\nrenhe,-1\n", "slug\nx\n"])
def test_a_bad_file_is_a_422_with_its_reasons(registry, text):
    make.institution("renhe")
    assert upload(registry, text).status_code == 422


def test_a_token_of_another_person_or_table_is_worthless(registry, registrar):
    checked = upload(registry, "slug,beds\nrenhe,7\n") if make.institution("renhe") else None
    other = Client()
    other.force_login(make.city_user("second", role="registry_admin"), backend=BACKEND)
    assert other.post(IMPORT, {"token": checked.context["token"]}).status_code == 410
    assert registry.post(IMPORT, {"token": "forged"}).status_code == 410


def test_files_that_nobody_confirmed_are_forgotten_after_an_hour(registry):
    make.institution("renhe")
    upload(registry, "slug,beds\nrenhe,7\n")
    now = timezone.now()
    assert waiting_files.forget_old(now=now) == 0
    assert waiting_files.forget_old(now=now + timezone.timedelta(minutes=61)) == 1


def test_the_template_holds_every_column(registry):
    answer = registry.get(IMPORT + "template/")
    assert answer["Content-Disposition"] == 'attachment; filename="institutions.csv"'
    assert answer.content.decode("utf-8-sig").startswith("slug,name_en,name_zh,uscc,")
