"""Every action that the source writes into the audit trail has words."""

import ast
import re
from functools import cache

from medshare_portal.audit_words import areas
from tests.architecture.source import sources

# Members of enumerations that name a step, where the walk cannot follow: variable → values.
MEMBERS = {"kind.value": {"recall", "shortening"}, "stage.value": {"handover", "return"},
           "rung.step": {"remind_late", "to_deputy", "to_head", "to_city"}}  # fmt: skip
MEMBERS["act.value"] = {"declared", "extended", "ended", "ran_out"}
RECORD, CODE = "audit.record", re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*")


@cache
def calls():
    """(called name, call, file and functions around it, innermost first) in the portal."""
    portal = [source for source in sources() if source.app != "demo"]  # see tests/demo
    return [call for source in portal for call in _calls_in(source.tree, (source.name,))]


def _calls_in(node, around):
    if isinstance(node, ast.FunctionDef):
        around = (node, *around)
    if isinstance(node, ast.Call):
        yield ast.unparse(node.func), node, around
    for child in ast.iter_child_nodes(node):
        yield from _calls_in(child, around)


def texts_of(node, around) -> set[str]:
    """What an expression may be: constants, choices, f-strings, and a parameter's arguments."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts_of(node.body, around) | texts_of(node.orelse, around)
    if isinstance(node, ast.JoinedStr):
        texts = {""}
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            texts = {start + end for start in texts for end in texts_of(inner, around)}
        return texts
    if isinstance(node, ast.Attribute):
        return MEMBERS[ast.unparse(node)]
    if isinstance(node, ast.Name):
        return arguments_for(node.id, around)
    raise AssertionError(f"cannot follow {ast.unparse(node)}")


def arguments_for(parameter: str, around) -> set[str]:
    """The texts that any call of the innermost function gives for one of its parameters."""
    function, file = around[0], around[-1]
    names = [argument.arg for argument in function.args.args]
    method = names[:1] == ["self"]
    private = function.name.startswith("_") and not method
    found = set()
    for name, call, where in calls():
        alike = name.rpartition(".")[2] == function.name and ("." in name) == method
        if alike and (where[-1] == file or not private):
            found |= texts_of(call.args[names.index(parameter) - method], where)
    return found


def recorded() -> set[str]:
    """Every action code that reaches ``audit.record``."""
    codes = set()
    for name, call, around in calls():
        if name == RECORD:
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            codes |= texts_of(given["action"], around)
    return codes


def test_the_walk_finds_what_is_written_through_helpers_and_f_strings():
    assert {
        "account.password_changed",  # a constant
        "offer.withdrawn",  # a helper's parameter
        "registry.deleted",  # a method's
        "request.cancel_by_owner",  # an f-string, two calls away, one of two
        "request.shortening",
    } <= recorded()


def test_every_recorded_action_has_words_and_one_form():
    known = {f"{area.code}.{action}" for area in areas for action in area.actions}
    assert sorted(recorded() - known) == []
    assert [code for code in sorted(known) if not CODE.fullmatch(code)] == []


def test_old_codes_lead_to_actions_that_exist():
    lost = [old for area in areas for old, new in area.was.items() if new not in area.actions]
    assert lost == []
