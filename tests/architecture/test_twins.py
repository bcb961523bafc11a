"""Twins of the tests that read the source: each is shown the fault that it stands for.

A guard that nobody has seen refuse may be one that cannot.  (The other twins stand beside their
tests: ``tests/races``, ``tests/durability``, ``tests/scheduling/guarantees``, ``test_doctrine``.)
"""

import ast
from functools import partial
from pathlib import Path

import pytest

from tests.architecture import test_boundary as boundary
from tests.architecture import test_layers as layers
from tests.architecture import test_rules as rules
from tests.architecture import test_words as words
from tests.architecture.source import Source

UNKNOWN_RULE = "OFR-" + "98"  # in two parts: this file names no rule
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 51
SIDE_DOORS = {
    r"\.unscoped\b(?! = )": "rows = Resource.unscoped.all()",
    r"_base_manager": "rows = Resource._base_manager",
    r"_default_manager": "rows = Resource._default_manager",
    r"\.raw\(": "rows = Resource.objects.raw('SELECT 1')",
    r"\.extra\(": "rows = found.extra(where=[])",
    r"get_object_or_404\(\s*[A-Z]\w+,": "row = get_object_or_404(Resource, pk=pk)",
    r"fields = \"__all__\"": 'fields = "__all__"',
    r"filter\(\*\*\s*(self\.)?request\.(GET|POST)": "rows = found.filter(**request.GET)",
    r"datetime\.now\(\)": "now = datetime.now()",
    r"except Exception:\s*\n\s*pass": "try:\n    f()\nexcept Exception:\n    pass",
}
SOURCES = [
    (layers, layers.test_no_import_runs_upwards, "resources/x.py", "import scheduling.states"),
    (
        layers,
        layers.test_actions_rules_and_models_know_no_boundary,
        "resources/actions/x.py",
        "from resources.forms import offers",
    ),
    (
        layers,
        layers.test_models_call_no_action_and_rules_read_no_database,
        "resources/models/x.py",
        "from resources.actions import offers",
    ),
    (
        layers,
        layers.test_models_call_no_action_and_rules_read_no_database,
        "scheduling/rules/x.py",
        "from scheduling.queries import at_risk",
    ),
    (layers, layers.test_files_are_at_most_300_lines, "resources/x.py", "x = 1\n" * 301),
    (layers, layers.test_functions_are_at_most_50_lines, "resources/x.py", LONG_FUNCTION),
    (
        layers,
        layers.test_no_module_decides_by_kind_outside_the_kinds,
        "scheduling/x.py",
        "found = kind == 'staff'",
    ),
    (
        boundary,
        boundary.test_the_unscoped_door_is_opened_only_in_listed_files,
        "resources/views/x.py",
        "rows = Resource.objects.everywhere(reason='')",
    ),
    (
        boundary,
        boundary.test_every_query_at_the_boundary_starts_with_a_scoping_verb,
        "resources/views/x.py",
        "rows = Resource.objects.filter(pk=1)",
    ),
    (
        boundary,
        boundary.test_markup_is_called_safe_only_in_listed_files,
        "resources/x.py",
        "text = mark_safe(name)",
    ),
    (
        boundary,
        boundary.test_csrf_is_waived_for_error_pages_only,
        "resources/views/x.py",
        "view = csrf_exempt(view)",
    ),
    (
        rules,
        rules.test_every_rule_of_the_code_is_named_by_a_test,
        "scheduling/rules/x.py",
        f"code = '{UNKNOWN_RULE}'",
    ),
    *(
        (boundary, partial(boundary.test_side_doors_stay_shut, door), "resources/views/x.py", text)
        for door, text in SIDE_DOORS.items()
    ),
]


def names(value):
    found = getattr(value, "func", value)
    return getattr(found, "__name__", "")


@pytest.mark.parametrize(("module", "guard", "path", "text"), SOURCES, ids=names)
def test_a_guard_refuses_the_fault_it_stands_for(monkeypatch, module, guard, path, text):
    faulty = Source(Path(path), text, ast.parse(text))
    monkeypatch.setattr(module, "sources", lambda: (faulty,))
    with pytest.raises(AssertionError):
        guard()


def test_every_side_door_has_its_fault():
    (mark,) = boundary.test_side_doors_stay_shut.pytestmark
    assert set(mark.args[1]) == set(SIDE_DOORS)


@pytest.mark.parametrize(
    "markup",
    [
        "{{ name|safe }}",
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="f()">',
    ],
)
def test_a_template_with_inline_markup_is_refused(monkeypatch, tmp_path, markup):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(markup, encoding="utf-8")
    monkeypatch.setattr(boundary, "ROOT", tmp_path)
    with pytest.raises(AssertionError):
        boundary.test_no_template_calls_something_safe_or_styles_inline()


def test_a_view_without_a_permission_is_refused(monkeypatch):
    monkeypatch.setattr(boundary, "routes", lambda: [("at/<slug>/x/", lambda request: None)])
    with pytest.raises(AssertionError):
        boundary.test_every_view_of_an_institution_and_of_the_city_names_its_permission()


@pytest.mark.parametrize("change", [{"User": None}, {"Nobody": "a stale name"}])
def test_a_model_that_is_no_tenants_and_a_stale_name_are_refused(monkeypatch, change):
    listed = {name: why for name, why in (boundary.SHARED_MODELS | change).items() if why}
    monkeypatch.setattr(boundary, "SHARED_MODELS", listed)
    with pytest.raises(AssertionError):
        boundary.test_every_model_is_tenanted_or_listed_with_the_reason()


def test_a_rule_that_the_code_does_not_have_is_refused(monkeypatch):
    monkeypatch.setattr(rules, "TABLES", {UNKNOWN_RULE})
    with pytest.raises(AssertionError):
        rules.test_every_rule_of_the_tables_is_in_the_code()


@pytest.mark.parametrize("word", words.AVOIDED)
def test_an_avoided_word_is_refused(monkeypatch, tmp_path, word):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "x.py").write_text('"""' + "THR" + 'EATENED"""', encoding="utf-8")
    monkeypatch.setattr(words, "ROOT", tmp_path)
    with pytest.raises(AssertionError):
        words.test_one_word_per_thing(word)
