"""Rows are checked, then stored: all or none, with one audit event per institution."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from medshare_portal.models import AuditEvent, Institution, RoleAssignment, Site, User
from medshare_portal.registry_import.codes import CODES
from medshare_portal.registry_import.institutions import INSTITUTIONS, SITES
from medshare_portal.registry_import.people import PEOPLE
from medshare_portal.registry_import.running import RowsRefused, examine, store
from medshare_portal.roles import Role
from medshare_portal.validators import uscc_check_character
from resources.models import Category, Equipment, Resource
from resources.registry_import import CATEGORIES, DEVICES
from tests import make

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db):
    return make.city_user("admin", role="registry_admin")


def uscc(number):
    first = f"12330900{number:09d}"
    return first + uscc_check_character(first)


def csv(*lines):
    return "\n".join(lines).encode()


def errors(table, content):
    found = examine(table=table, content=content).errors
    return [(error.line, error.column, str(error.message)) for error in found]


def test_new_updated_and_unchanged_rows_are_told_apart_and_nothing_is_stored(admin):
    renhe = make.institution("renhe", beds=100)
    make.institution("xihu", beds=200)
    content = csv("slug,beds,uscc,name_en", f"renhe,150,{renhe.uscc},{renhe.name_en}",
                  f"xihu,200,{Institution.unscoped.get(slug='xihu').uscc},Xihu Hospital",
                  f"new,10,{uscc(1)},New")  # fmt: skip
    outcome = examine(table=INSTITUTIONS, content=content)
    assert outcome.errors == []
    assert [(line, form.changes) for line, form in outcome.updated] == [
        (2, {"beds": ["100", "150"]})
    ]
    assert [line for line, _form in outcome.new] == [4]
    assert outcome.unchanged == 1
    assert set(Institution.unscoped.values_list("slug", "beds")) == {("renhe", 100), ("xihu", 200)}


def test_storing_writes_every_row_the_groups_and_the_audit(admin):
    content = csv("slug,name_zh,uscc,status", f"new,新医院,{uscc(1)},active")
    store(table=INSTITUTIONS, content=content, by=admin, now=NOW)
    new = Institution.unscoped.get(slug="new")
    assert (new.name_zh, new.status, new.beds) == ("新医院", "active", 0)
    assert new.role_groups.count() == len(Role) - len(Role.CITY_ROLES)
    event = AuditEvent.unscoped.get(action="registry.imported")
    assert (event.chain, event.actor_id, event.data["new"]) == ("new", admin.pk, ["new"])


def test_one_wrong_row_stores_none(admin):
    content = csv("slug,name_en,uscc", f"good,Good,{uscc(1)}", "bad,Bad,12345")
    with pytest.raises(RowsRefused):
        store(table=INSTITUTIONS, content=content, by=admin, now=NOW)
    assert not Institution.unscoped.filter(slug="good").exists()


def test_errors_name_line_and_column(admin):
    content = csv(
        "slug,name_en,uscc,beds,status,licence_valid_to",
        f"a b,One,{uscc(1)},1,active,2026-01-01",
        f"two,,{uscc(2)},-5,sleeping,31.31.2026",
        "three,Three,X,1,active,",
        f"four,Four,{uscc(4)},99999999999999999999,active,",
    )
    assert [(line, column) for line, column, _message in errors(INSTITUTIONS, content)] == [
        (2, "slug"),
        (3, "beds"),
        (3, "status"),
        (3, "licence_valid_to"),
        (3, ""),
        (4, "uscc"),
        (5, "beds"),
    ]


def test_a_level_or_type_that_no_list_knows_is_an_error(admin):
    """GEN-10"""
    make.code("32", system="cn-hospital-level", display_en="Tertiary A")
    make.code("A100", system="cn-institution-type", display_en="General hospital")
    head = "slug,name_en,uscc,institution_type,hospital_level"
    wrong = csv(head, f"a,A,{uscc(1)},A100,32", f"b,B,{uscc(2)},32,99", f"c,C,{uscc(3)},,")
    assert errors(INSTITUTIONS, wrong) == [
        (3, "institution_type", "“32” is not a code of this list."),
        (3, "hospital_level", "“99” is not a code of this list."),
    ]
    store(table=INSTITUTIONS, content=csv(head, f"a,A,{uscc(1)},A100,32"), by=admin, now=NOW)
    assert Institution.unscoped.get().hospital_level == "32"


def test_the_same_row_twice_is_an_error(admin):
    content = csv("slug,name_en,uscc", f"a,A,{uscc(1)}", f"a,B,{uscc(2)}")
    assert errors(INSTITUTIONS, content) == [(3, "slug", "The same row stands in line 2.")]


def test_two_new_rows_with_one_credit_code_store_nothing(admin):
    content = csv("slug,name_en,uscc", f"a,A,{uscc(1)}", f"b,B,{uscc(1)}")
    with pytest.raises(RowsRefused) as refused:
        store(table=INSTITUTIONS, content=content, by=admin, now=NOW)
    assert str(refused.value.message) == "Line 3 clashes with another row. Nothing was imported."
    assert not Institution.unscoped.exists()


def test_a_column_that_the_file_lacks_keeps_what_is_stored(admin):
    renhe = make.institution("renhe", contact_phone="12345")
    store(table=INSTITUTIONS, content=csv("slug,beds", "renhe,7"), by=admin, now=NOW)
    renhe.refresh_from_db()
    assert (renhe.beds, renhe.contact_phone) == (7, "12345")


def test_an_empty_cell_clears_a_text_and_keeps_a_number(admin):
    renhe = make.institution("renhe", contact_phone="12345", beds=9)
    store(table=INSTITUTIONS, content=csv("slug,beds,contact_phone", "renhe,,"), by=admin, now=NOW)
    renhe.refresh_from_db()
    assert (renhe.beds, renhe.contact_phone) == (9, "")


def test_a_site_names_an_institution_that_exists(admin):
    make.institution("renhe", with_site=False)
    head = "institution,code,name_en,latitude,longitude"
    content = csv(head, "renhe,main,Main,30.1,120.2", "nowhere,main,Main,30,120")
    assert errors(SITES, content) == [(3, "institution", "There is no “nowhere”.")]
    store(table=SITES, content=csv(head, "renhe,main,Main,30.1,120.2"), by=admin, now=NOW)
    assert Site.unscoped.get().time_zone == "Asia/Shanghai"


def test_a_code_may_refer_to_an_earlier_line(admin):
    make.code_system("local")
    head = "system,code,display_en,parent"
    store(table=CODES, content=csv(head, "local,1,One,", "local,1.1,Part,1"), by=admin, now=NOW)
    content = csv(head, "local,2,Two,9")
    assert errors(CODES, content) == [(2, "parent", "There is no “9”.")]


def test_a_category_gets_its_path_from_a_parent_in_the_same_file(admin):
    make.nmpa_code("08")
    content = csv(
        "kind,slug,parent,name_en,primary_code",
        "equipment,breathing,,Breathing,nmpa-device-category:08",
        "equipment,vent,breathing,Ventilator,nmpa-device-category:08",
    )
    store(table=CATEGORIES, content=content, by=admin, now=NOW)
    assert set(Category.objects.values_list("path", flat=True)) == {"breathing/", "breathing/vent/"}


def test_people_get_their_role_and_no_password(admin):
    make.grant(admin, "approver", at=make.institution("renhe"))
    content = csv(
        "username,full_name,email,institution,role,valid_from,valid_until",
        "li.wei,Li Wei,li@example.org,renhe,approver,2026-01-01,2030-12-31",
    )
    store(table=PEOPLE, content=content, by=admin, now=NOW)
    person = User.objects.get(username="li.wei")
    assert not person.has_usable_password()
    assert [group.name for group in person.groups.all()] == ["renhe: approver"]
    assert RoleAssignment.objects.filter(user=person).count() == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("x,renhe,king,2026-01-01,", "role"),
        ("x,nowhere,approver,2026-01-01,", "institution"),
        ("x,renhe,approver,2026-01-01,2025-01-01", "valid_until"),
        ("x y/z!,renhe,approver,2026-01-01,", "username"),
    ],
)
def test_wrong_people_are_named_by_column(admin, cells, column):
    make.grant(admin, "approver", at=make.institution("renhe"))
    content = csv("username,institution,role,valid_from,valid_until", cells)
    assert [found[1] for found in errors(PEOPLE, content)] == [column]


DEVICE = (
    "institution,code,site,category,name_en,nmpa_category,risk_class,registration_no,loan,fixed"
)


def test_a_device_comes_with_its_details_as_a_draft_that_the_search_finds(admin):
    renhe = make.institution("renhe")
    make.category("ventilator")
    line = f"renhe,V-1,{renhe.sites.get().code},ventilator,Servo,08,III,国械注准1,yes,no"
    store(table=DEVICES, content=csv(DEVICE, line), by=admin, now=NOW)
    device = Resource.unscoped.get()
    assert (device.status, device.kind, device.visibility) == ("draft", "equipment", "private")
    assert device.equipment.registration_no == "国械注准1"
    assert "servo" in device.search_text
    assert len(device.public_id) >= 20
    again = examine(table=DEVICES, content=csv(DEVICE, line))
    assert (again.unchanged, again.new, again.updated) == (1, [], [])


def test_errors_of_the_details_stand_at_their_columns(admin):
    renhe = make.institution("renhe")
    make.category("ventilator")
    site = renhe.sites.get().code
    content = csv(
        DEVICE,
        f"renhe,V-1,{site},ventilator,Servo,99,III,,yes,yes",
        "renhe,V-2,elsewhere,ventilator,Servo,08,IX,1,maybe,no",
    )
    assert [(line, column) for line, column, _message in errors(DEVICES, content)] == [
        (2, "nmpa_category"),
        (2, ""),
        (2, ""),
        (3, "site"),
        (3, "risk_class"),
        (3, "loan"),
    ]
    assert not Equipment.unscoped.exists()


def test_changing_a_detail_moves_the_devices_version(admin):
    renhe = make.institution("renhe")
    device = make.equipment(renhe, code="V-1", model="Old")
    content = csv("institution,code,model", "renhe,V-1,New")
    outcome = store(table=DEVICES, content=content, by=admin, now=NOW)
    assert outcome.updated[0][1].changes == {"model": ["Old", "New"]}
    device.refresh_from_db()
    assert (device.equipment.model, device.version) == ("New", 2)


def test_a_serial_number_that_is_registered_is_refused(admin):
    renhe = make.institution("renhe")
    make.equipment(renhe, code="V-1", manufacturer="Example", serial_no="S1")
    make.equipment(renhe, code="V-2", manufacturer="Example", serial_no="S2")
    content = csv("institution,code,serial_no", "renhe,V-2,S1")
    message = "This serial number of this manufacturer is registered."
    assert errors(DEVICES, content) == [(2, "", message)]
