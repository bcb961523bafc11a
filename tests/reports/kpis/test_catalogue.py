"""Every figure is explained, in both languages, and nothing is explained that there is not."""

import importlib
import inspect
import pkgutil

import pytest
from django.utils import translation

from reports import kpis
from reports.kpis.catalogue import FAMILIES, KPIS
from reports.kpis.measure import Measure

pytestmark = pytest.mark.once
# Which make figures but are parts of others.
PARTS = {"ratio", "amount"}
TEXTS = ("name", "says", "numerator", "denominator", "exclusions", "source")


def figures():
    """Public functions of the families that make a figure, several or one with its parts."""
    for module in pkgutil.iter_modules(kpis.__path__):
        if module.ispkg or module.name == "measure":
            continue
        loaded = importlib.import_module(f"reports.kpis.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            made = inspect.signature(function).return_annotation
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and (made is Measure or getattr(made, "__name__", "") in ("Savings", "Theil")):
                yield function


def test_every_figure_is_in_the_catalogue():
    explained = {kpi.made_by for kpi in KPIS.values()}
    assert set(figures()) - explained == set()
    assert len(explained) >= 45


def test_a_code_names_one_figure():
    codes = [kpi.code for family in FAMILIES for kpi in family.kpis]
    assert len(codes) == len(set(codes)) == len(KPIS)


@pytest.mark.parametrize("code", KPIS)
def test_a_figure_is_explained_in_both_languages(code):
    kpi = KPIS[code]
    for field in TEXTS:
        text = getattr(kpi, field)
        if text is None:
            continue
        with translation.override("en"):
            english = str(text)
        with translation.override("zh-hans"):
            assert str(text) != english or english.isascii() is False
        assert english
