"""The catalogue's institution: typed, in either language, with a bounded list of suggestions."""

import re

import pytest
from django.core.cache import cache

from resources.queries.facets import MOST_SUGGESTED
from tests import make

pytestmark = pytest.mark.django_db
URL = "/at/renhe/resources/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def renhe():
    return make.institution("renhe")


@pytest.fixture
def other():
    return make.institution("dongbei")


@pytest.fixture
def reader(client, renhe):
    client.force_login(make.user("viewer", at=renhe, role="viewer"))
    return client


def codes(response):
    return re.findall(r'</a><span class="meta">([^<]+)</span></th>', response.content.decode())


def named(reader, text):
    return reader.get(URL, {"institution": text})


@pytest.mark.parametrize(
    "text", ["dongbei", "Dongbei Hospital", "dongbei hospital", " Dongbei ", "东北医院", "东北"]
)
def test_an_institution_is_found_by_its_names_or_enough_of_one(reader, renhe, other, text):
    type(other).unscoped.filter(pk=other.pk).update(name_zh="东北医院")
    make.equipment(other, code="THEIRS")
    make.equipment(renhe, code="OURS")
    response = named(reader, text)
    assert (response.status_code, codes(response)) == (200, ["THEIRS"])
    assert 'value="Dongbei Hospital"' in response.content.decode()


def test_an_institution_that_nobody_knows_or_that_several_could_be_is_an_error(reader, other):
    make.institution("dongshan")
    make.equipment(other, code="THEIRS")
    unknown, several = named(reader, "Nowhere"), named(reader, "dong")
    assert (unknown.status_code, several.status_code) == (400, 400)
    assert "No institution is called “Nowhere”." in unknown.content.decode()
    words = several.content.decode()
    assert "fits “dong”: Dongbei Hospital, Dongshan Hospital. Type more" in words
    assert 'id="id_institution_error"' in words
    assert codes(several) == []


def test_two_institutions_of_one_name_are_told_apart_by_their_short_names(reader, other):
    twin = make.institution("twin", name_en="Dongbei Hospital")
    make.equipment(twin, code="TWIN")
    words = named(reader, "Dongbei Hospital").content.decode()
    assert "Dongbei Hospital (dongbei), Dongbei Hospital (twin)" in words
    assert codes(named(reader, "twin")) == ["TWIN"]


def test_an_institution_that_takes_no_part_is_not_found(reader, other):
    closed = make.institution("closed")
    type(closed).unscoped.filter(pk=closed.pk).update(status="closed")
    assert named(reader, "Closed Hospital").status_code == 400


def test_the_suggested_institutions_are_bounded_and_those_with_most(reader, other):
    for number in range(MOST_SUGGESTED + 5):
        small = make.institution(f"small{number}")
        make.equipment(small)
    for _number in range(2):
        make.equipment(other)
    text = reader.get(URL).content.decode()
    suggested = text.partition('<datalist id="institution-suggestions">')[2]
    assert suggested.partition("</datalist>")[0].count("<option") == MOST_SUGGESTED
    assert '<option value="Dongbei Hospital">Dongbei Hospital (2)</option>' in suggested
