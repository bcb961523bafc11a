"""Two-character Chinese words, Latin prefixes, harmless special characters, owners' marks."""

import pytest
from django.core.management import call_command

from resources.models import Resource
from resources.search import search, search_text_for, terms_of, tokens_of
from tests import make

pytestmark = pytest.mark.django_db


def tokenised(institution, **fields):
    resource = make.equipment(institution, **fields)
    resource.search_text = search_text_for(resource, resource.equipment, resource.category)
    resource.save()
    return resource


@pytest.fixture
def owner():
    return make.institution("renhe")


@pytest.fixture
def ventilator(owner):
    return tokenised(
        owner,
        name_en="Transport ventilator",
        name_zh="转运呼吸机",
        code="RH-V-05",
        manufacturer="Dräger",
        model="Oxylog 3000+",
        serial_no="SECRET77",
    )


@pytest.fixture
def pump(owner):
    return tokenised(
        owner,
        name_en="Infusion pump",
        name_zh="输液泵",
        code="RH-P-01",
        category=make.category("pump", name_zh="注射泵"),
        manufacturer="B. Braun",
        model="Space",
    )


def found(text, *, by=None):
    everything = Resource.objects.everywhere(reason="test")
    return set(search(everything, text, institution=by).values_list("code", flat=True))


def test_tokens_are_pairs_of_chinese_characters_and_latin_words_once():
    assert tokens_of("转运呼吸机 RH-V-05 rh") == [
        "转运",
        "运呼",
        "呼吸",
        "吸机",
        "机",
        "rh",
        "v",
        "05",
        "rhv05",
    ]


def test_terms_are_whole_pairs_and_prefixes():
    assert terms_of("呼吸机 Oxy") == [("呼吸", False), ("吸机", False), ("oxy", True)]
    assert terms_of("泵") == [("泵", True)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("呼吸", {"RH-V-05"}),
        ("吸机", {"RH-V-05"}),
        ("呼吸机", {"RH-V-05"}),
        ("呼机", set()),
        ("机", {"RH-V-05"}),
        ("泵", {"RH-P-01"}),
        ("输液", {"RH-P-01"}),
        ("vent", {"RH-V-05"}),
        ("VENT trans", {"RH-V-05"}),
        ("entil", set()),
        ("drager", {"RH-V-05"}),
        ("ｏｘｙｌｏｇ", {"RH-V-05"}),
        ("RH-V-05", {"RH-V-05"}),
        ("rhp01", {"RH-P-01"}),
        ("rh", {"RH-V-05", "RH-P-01"}),
        ("呼吸 rh", {"RH-V-05"}),
        ("vent pump", set()),
        ("", {"RH-V-05", "RH-P-01"}),
        ("   ", {"RH-V-05", "RH-P-01"}),
    ],
)
def test_search_finds_by_pair_and_by_prefix(ventilator, pump, text, codes):
    assert found(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "'",
        '"',
        "\\",
        "*",
        "vent*",
        "a & b | !c",
        "NEAR(a b)",
        "a AND OR NOT",
        "-- ;",
        "x:y",
        "(",
        "%s %",
        "10km 1e5 3.5",
    ],
)
def test_special_characters_do_no_harm(ventilator, text):
    assert found(text) <= {"RH-V-05"}


def test_special_characters_alone_find_nothing(ventilator):
    assert found("*") == set()


def test_numbers_with_letters_are_found_by_their_beginning(owner):
    tokenised(owner, code="X1", name_en="Cable 10km 1e5 1.5T")
    assert [found(text) for text in ("10k", "1e5", "1.5t", "15t")] == [{"X1"}] * 4


def test_a_field_that_others_may_not_read_is_found_by_its_owner_only(ventilator, owner):
    stranger = make.institution("stranger")
    assert found("SECRET77", by=owner) == {"RH-V-05"}
    assert found("secr vent", by=owner) == {"RH-V-05"}
    assert found("SECRET77", by=stranger) == set()
    assert found("SECRET77") == set()


def test_the_index_follows_changes_and_removals(ventilator, pump):
    ventilator.search_text = "scanner"
    ventilator.save()
    assert (found("呼吸"), found("scan")) == (set(), {"RH-V-05"})
    Resource.objects.everywhere(reason="test").filter(pk=pump.pk).delete()
    assert found("输液") == set()


def test_rebuild_writes_every_search_text_again(ventilator, pump, capsys):
    Resource.objects.everywhere(reason="test").update(search_text="")
    call_command("rebuild_search")
    assert capsys.readouterr().out == "2 search texts changed\n"
    assert (found("呼吸"), found("braun")) == ({"RH-V-05"}, {"RH-P-01"})
