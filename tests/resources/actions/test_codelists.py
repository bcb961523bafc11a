"""The shipped lists are loaded whole, and loading them again changes nothing."""

import pytest
from django.core.management import call_command

from medshare_portal.models import Code, CodeSystem
from resources.actions.categories import load_equipment_categories
from resources.actions.codelists import CODE_LISTS, load_code_lists
from resources.models import Category, CodeMapping

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    call_command("load_codes")


def test_every_list_has_the_rows_of_its_file():
    assert load_code_lists() == {
        "nmpa-device-category": 22,
        "emdn": 23,
        "dicom-modality": 22,
        "cn-hospital-level": 15,
        "cn-institution-type": 14,
        "cn-clinical-specialty": 66,
        "isco-08": 34,
        "practice-basis": 11,
        "info-type": 15,
        "purpose-of-use": 11,
        "recognised-item": 19,
    }


def test_loading_again_changes_nothing(loaded):
    models = (CodeSystem, Code, Category, CodeMapping)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    call_command("load_codes")

    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_a_corrected_name_comes_with_the_next_load(loaded):
    Code.objects.filter(system__slug="emdn", code="Z").update(display_en="wrong")
    load_code_lists()

    assert Code.objects.get(system__slug="emdn", code="Z").display_en.startswith(
        "Medical equipment"
    )


def test_every_list_names_its_licence(loaded):
    assert {system.slug for system in CodeSystem.objects.exclude(licence="")} == {
        code_list.slug for code_list in CODE_LISTS
    }
    assert "CC BY 4.0" in CodeSystem.objects.get(slug="emdn").licence


def test_a_code_with_a_dot_hangs_below_the_part_before_it(loaded):
    code = Code.objects.get(system__slug="cn-clinical-specialty", code="03.04")

    assert (code.display_zh, code.parent.code) == ("心血管内科专业", "03")


def test_the_roots_are_the_22_classes_and_three_may_not_be_shared(loaded):
    roots = Category.objects.filter(kind="equipment", parent=None).order_by("slug")

    assert [root.slug for root in roots] == [f"{number:02d}" for number in range(1, 23)]
    assert [root.slug for root in roots if not root.shareable] == ["12", "13", "21"]
    assert all(root.primary_code.code == root.slug for root in roots)


def test_a_category_carries_its_class_and_further_codes(loaded):
    scanner = Category.objects.get(slug="ct")
    mapped = {
        (mapping.code.system.slug, mapping.code.code, mapping.equivalence)
        for mapping in scanner.mappings.all()
    }

    assert (scanner.path, scanner.primary_code.code) == ("06/ct/", "06")
    assert mapped == {("emdn", "Z", "wider"), ("dicom-modality", "CT", "equal")}


def test_there_are_at_least_forty_practical_categories_in_both_languages(loaded):
    practical = Category.objects.filter(kind="equipment", parent__isnull=False)

    assert practical.count() >= 40
    assert not practical.filter(name_en="").exists()
    assert not practical.filter(name_zh="").exists()


def test_an_administrators_own_category_is_left_alone(loaded):
    own = Category.objects.create(
        kind="equipment", slug="own", name_en="Own", parent=Category.objects.get(slug="08")
    )
    load_equipment_categories()

    own.refresh_from_db()
    assert (own.name_en, own.path) == ("Own", "08/own/")
