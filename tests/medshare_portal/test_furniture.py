"""Furniture is the template's own text, whoever asks, and never another person's."""

from dataclasses import dataclass

import pytest
from django.template import engines
from django.template.loaders.locmem import Loader
from django.utils import translation

from medshare_portal.furniture import Furniture, place

TEMPLATE = "{% load i18n %}<p>{% translate 'Menu' %}: {{ house }}, {{ person }}</p>"


@dataclass(frozen=True)
class Shared:
    house: str

    def context(self):
        return {"house": self.house, "person": place("person")}


@pytest.fixture
def furniture(monkeypatch):
    engine = engines["django"].engine
    loader = engine.template_loaders[0]
    ours = Loader(engine, {"a-furniture.html": TEMPLATE})
    monkeypatch.setattr(loader, "loaders", [ours, *loader.loaders])
    return Furniture("a-furniture.html", most=2)


def test_places_are_filled_anew_for_every_reader(furniture):
    with translation.override("en"):
        first = furniture.filled(Shared("Renhe"), {"person": "Lin"})
        second = furniture.filled(Shared("Renhe"), {"person": "Wang"})
    assert first == "<p>Menu: Renhe, Lin</p>"
    assert second == "<p>Menu: Renhe, Wang</p>"


def test_what_is_shared_and_the_language_tell_texts_apart(furniture):
    with translation.override("en"):
        furniture.filled(Shared("Renhe"), {"person": ""})
        assert "Chengbei" in furniture.filled(Shared("Chengbei"), {"person": ""})
    with translation.override("zh-hans"):
        assert furniture.filled(Shared("Renhe"), {"person": ""}) == "<p>菜单: Renhe, </p>"


def test_what_fills_a_place_is_escaped(furniture):
    with translation.override("en"):
        assert "&lt;b&gt;" in furniture.filled(Shared("Renhe"), {"person": "<b>"})


def test_what_is_shared_is_escaped_by_the_template(furniture):
    assert "&lt;b&gt;" in furniture.filled(Shared("<b>"), {"person": ""})


def test_an_empty_place_is_an_error(furniture):
    with pytest.raises(KeyError, match="person"):
        furniture.filled(Shared("Renhe"), {})
