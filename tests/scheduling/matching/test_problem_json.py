"""A problem file is read whole or refused by the name of the field that is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.matching.cities import city
from scheduling.matching import codec, kinds, problem_json, validation
from scheduling.matching.codec import FormatError
from scheduling.matching.plan import KindPlan, Plan, Status, Tier
from scheduling.matching.problem import Interval, KeptMatch, Kind, Match, UseLimit
from scheduling.matching.rule_codes import RULE_CODES
from scheduling.matching.schema import problem_schema
from scheduling.matching.travel import Travel
from tests.make import matching as make


def written(**changes) -> dict:
    return json.loads(problem_json.write_problem(make.problem(**changes)))


def fault(text: str | bytes) -> FormatError:
    with pytest.raises(FormatError) as caught:
        problem_json.read_problem(text)
    return caught.value


def with_value(value, *path) -> str:
    """The JSON of the small problem with ``value`` at ``path``."""
    whole = written()
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return json.dumps(whole)


def test_a_problem_survives_its_file():
    whole = replace(
        city(60), kept=(), struck=frozenset({("en00001", "x")}), lifted=frozenset({"travel"})
    )

    assert problem_json.read_problem(problem_json.write_problem(whole)) == whole


def test_what_a_file_leaves_out_takes_the_default_and_hashes_alike():
    whole = written()
    for name in ("parameters", "kept", "version", "lifted"):
        del whole[name]
    whole["institutions"][0]["latitude"] = 31.2000

    found = problem_json.read_problem(json.dumps(whole, indent=3))

    assert found == make.problem()
    assert problem_json.inputs_hash(found) == problem_json.inputs_hash(make.problem())


def test_a_field_that_came_later_leaves_older_fingerprints_alone():
    """Only where it says something it is written."""
    old = make.problem()
    assert "use_limits" not in written()
    assert not {"licensed_to", "arrival_day", "arrival_life_days", "recorded"} & _names(written())
    ends = (make.institution("a"), make.institution("b", licensed_to=3), make.institution("c"))
    for new in (
        replace(old, use_limits=(UseLimit("b", "l", 3),)),
        replace(old, institutions=ends),
        replace(old, lots=(make.lot(arrival_day=2, arrival_life_days=30, recorded=False),)),
    ):
        assert problem_json.read_problem(problem_json.write_problem(new)) == new
        assert problem_json.inputs_hash(new) != problem_json.inputs_hash(old)


def _names(value) -> set[str]:
    """Of all objects within."""
    if isinstance(value, list):
        return set().union(*map(_names, value))
    if isinstance(value, dict):
        return set(value).union(*map(_names, value.values()))
    return set()


def test_another_problem_has_another_hash():
    other = make.problem(lots=(make.lot(packs=41),))

    assert problem_json.inputs_hash(other) != problem_json.inputs_hash(make.problem())


@pytest.mark.parametrize(
    ("value", "path", "field", "code"),
    [
        (2, ("version",), "version", "version"),
        ("1", ("version",), "version", "version"),
        (None, ("horizon",), "horizon", "object"),
        ([], ("horizon", "minutes"), "horizon.minutes", "whole"),
        (0, ("horizon", "slot"), "horizon.slot", "range"),
        ("today", ("horizon", "starts_at"), "horizon.starts_at", "moment"),
        ("2026-11-30T00:00:00", ("horizon", "starts_at"), "horizon.starts_at", "moment"),
        (True, ("units", 0, "cleaning_minutes"), "units[0].cleaning_minutes", "whole"),
        (1.5, ("units", 0, "cleaning_minutes"), "units[0].cleaning_minutes", "whole"),
        (10**30, ("units", 0, "cleaning_minutes"), "units[0].cleaning_minutes", "too_large"),
        ("x" * 201, ("units", 0, "id"), "units[0].id", "text"),
        ("", ("units", 0, "id"), "units[0].id", "empty"),
        ("z", ("units", 0, "institution"), "units[0].institution", "reference"),
        (7, ("units", 0, "speed"), "units[0].speed", "unknown"),
        (5, ("units", 0, "windows"), "units[0].windows", "list"),
        ([{"starts_at": 1}], ("units", 0, "windows"), "units[0].windows[0].ends_at", "missing"),
        ([{"starts_at": 5, "ends_at": 5}], ("units", 0, "windows"), "units[0].windows[0].ends_at", "interval"),
        (0, ("lots", 0, "packs"), "lots[0].packs", "range"),
        (-3, ("lots", 0, "packs"), "lots[0].packs", "range"),
        ([{"institution": "b", "lot": "l", "packs": -1}], ("use_limits",), "use_limits[0].packs", "range"),
        ([{"institution": "b", "lot": "l", "packs": 1}] * 2, ("use_limits",), "use_limits[1]", "twice"),
        (-1, ("lots", 0, "arrival_day"), "lots[0].arrival_day", "range"),
        (-1, ("lots", 0, "arrival_life_days"), "lots[0].arrival_life_days", "range"),
        (0, ("lots", 0, "recorded"), "lots[0].recorded", "truth"),
        (10**6, ("institutions", 1, "licensed_to"), "institutions[1].licensed_to", "range"),
        (0, ("medicine_needs", 0, "packs"), "medicine_needs[0].packs", "range"),
        (0, ("equipment_needs", 0, "duration_minutes"), "equipment_needs[0].duration_minutes", "range"),
        (545, ("equipment_needs", 0, "latest"), "equipment_needs[0].latest", "interval"),
        (4, ("staff_needs", 0, "urgency"), "staff_needs[0].urgency", "choice"),
        (9, ("staff_needs", 0, "ends_at"), "staff_needs[0].ends_at", "interval"),
        ("en", ("staff_needs", 0, "id"), "staff_needs[0].id", "twice"),
        (91, ("institutions", 1, "latitude"), "institutions[1].latitude", "range"),
        ("a", ("institutions", 1, "id"), "institutions[1].id", "twice"),
        ({"staff": 2}, ("institutions", 1, "history_met"), "institutions[1].history_met.staff", "range"),
        ({"beds": 2}, ("institutions", 1, "history_met"), "institutions[1].history_met", "choice"),
        ([[0]], ("travel", "minutes"), "travel.minutes", "shape"),
        (["z"], ("people", 0, "approved_at"), "people[0].approved_at", "reference"),
        ([1, 10, 100], ("parameters", "weights"), "parameters.weights", "order"),
        ([1, 1], ("parameters", "weights"), "parameters.weights", "list"),
        (1.01, ("parameters", "fairness"), "parameters.fairness", "range"),
        ([{"match": {"need": "gone", "offer": "u"}}], ("kept",), "kept[0].match.need", "reference"),
        ([{"match": {"need": "en", "offer": "l"}}], ("kept",), "kept[0].match.offer", "reference"),
        ([{"match": {"need": "en", "offer": "u", "starts_at": 1}}], ("kept",), "kept[0].match.ends_at", "interval"),
        ([{"match": {"need": "en", "offer": "u"}}], ("kept",), "kept[0].match.starts_at", "missing"),
        ([{"match": {"need": "en", "offer": "u", "starts_at": 1, "ends_at": 2}}] * 2, ("kept",), "kept[1].match.need", "twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(value, path, field, code):
    found = fault(with_value(value, *path))

    assert (found.field, found.code) == (field, code)


def test_overlapping_windows_are_named_both():
    windows = (Interval(0, 60), Interval(120, 180), Interval(30, 90))

    with pytest.raises(
        FormatError, match=r"units\[0\]\.windows\[2\]: overlaps units\[0\]\.windows\[0\]"
    ):
        validation.validate(make.problem(units=(make.unit(windows=windows),)))


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_by_the_name_of_its_field(name):
    plain = problem_json.write_problem(make.problem())
    for field, old, new in (
        ("institutions[0].latitude", '"latitude":31.2', f'"latitude":{name}'),
        ("institutions[0].history_met.staff", '"history_met":{}', f'"history_met":{{"staff":{name}}}'),
        ("lots[0].packs", '"packs":40', f'"packs":{name}'),
    ):  # fmt: skip
        found = fault(plain.replace(old, new, 1))
        assert (found.field, found.code) == (field, "not_finite")


def test_a_number_beyond_all_floats_is_refused():
    text = problem_json.write_problem(make.problem()).replace(
        '"latitude":31.2', '"latitude":1e999', 1
    )

    assert (fault(text).field, fault(text).code) == ("institutions[0].latitude", "not_finite")


def test_not_a_number_in_a_problem_made_in_python_is_refused():
    with pytest.raises(FormatError, match=r"parameters\.detour"):
        validation.validate(
            make.problem(parameters=replace(make.problem().parameters, detour=float("nan")))
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "json"),
        ("[]", "object"),
        ("{", "json"),
        (b"\xff\xfe\x00", "json"),
        ("[" * 100_000, "nested"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"version": ' + "9" * 5_000 + "}", "json"),
    ],
)
def test_what_is_no_problem_at_all_is_refused(text, code):
    assert fault(text).code == code


def test_more_than_can_be_solved_is_refused_at_once(monkeypatch):
    monkeypatch.setattr(codec, "LONGEST_LIST", 2)

    assert fault(problem_json.write_problem(make.problem())).field == "institutions"


def test_a_list_that_is_too_long_is_told_its_own_limit():
    windows = (Interval(0, 1),) * 2_001
    text = problem_json.write_problem(make.problem(units=(make.unit(windows=windows),)))

    assert "at most 2000 are" in fault(text).message


def test_a_rule_that_there_is_not_cannot_be_lifted():
    with pytest.raises(FormatError, match="lifted: “certificat” is the code of no"):
        validation.validate(make.problem(lifted=frozenset({"certificat"})))


@pytest.mark.parametrize("kind", Kind)
def test_the_codes_of_rules_are_those_of_the_rule_books(kind):
    problem = make.problem()
    book = kinds.rule_book(problem, kind, Travel(problem))

    assert tuple(rule.code for rule in book.rules) == RULE_CODES[kind]


def test_an_empty_problem_is_a_problem():
    found = problem_json.read_problem(
        '{"horizon": {"starts_at": "2026-11-30T00:00:00+08:00"}, "institutions": []}'
    )

    assert found.needs(Kind.STAFF) == ()


def test_what_is_gone_may_have_been_proposed_or_struck_but_not_kept():
    gone = Match("gone", "u", starts_at=0, ends_at=60)
    validation.validate(make.problem(previous=(gone,), struck=frozenset({("gone", "u")})))

    with pytest.raises(FormatError, match=r"kept\[0\]\.match\.need"):
        validation.validate(make.problem(kept=(KeptMatch(gone),)))


def test_the_published_schema_is_that_of_the_dataclasses():
    published = Path(__file__).resolve().parents[3] / "docs" / "matching-problem.schema.json"

    assert json.loads(published.read_text()) == json.loads(json.dumps(problem_schema()))


def test_every_field_is_told_in_the_format():
    told = (Path(__file__).resolve().parents[3] / "docs" / "matching-format.md").read_text()
    schema = problem_schema()
    names = {name for part in (schema, *schema["$defs"].values()) for name in part["properties"]}

    assert {name for name in names if f"`{name}`" not in told} == set()


def test_a_plan_survives_its_file():
    kind = KindPlan(
        Kind.STAFF,
        (make.shift(),),
        Status.OPTIMAL,
        (Tier("urgent", 1.5, 2.0),),
        0.25,
        {"p": 3.0},
        ("a note",),
    )
    whole = Plan((kind,), 7, "0" * 64, {"solver": "1"}, {"staff": {"skill": 3}})

    assert problem_json.read_plan(problem_json.write_plan(whole)) == whole
