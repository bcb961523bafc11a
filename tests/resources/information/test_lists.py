"""The closed lists in code are those of the shipped code lists."""

import pytest

from resources.actions.codelists import CODE_LISTS, rows_of
from resources.enums_information import Purpose
from resources.kinds.information.actions.categories import load_information_categories
from resources.models import Category


def codes_of(slug: str) -> set[str]:
    (found,) = [entry for entry in CODE_LISTS if entry.slug == slug]
    return {row["code"] for row in rows_of(found)}


def test_purposes_are_those_of_the_code_list():
    assert set(Purpose.values) == codes_of("purpose-of-use")
    assert not set(Purpose.GRANTABLE) & {"BTG", "HSYSADMIN"}


@pytest.mark.django_db
def test_the_tree_is_made_once_however_often_it_is_loaded():
    assert load_information_categories() == load_information_categories() == 18
    tree = Category.objects.filter(kind="information")
    assert tree.count() == 18
    assert tree.get(slug="protocol").path == "guidance/protocol/"
