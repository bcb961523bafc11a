"""Words for the audit trail: what was done, and what its facts say, in the reader's language.

An action's code is ``area.what_happened``.  Each app registers its areas in its
``audit_words.py``; ``was`` names codes under which older events are stored, so that they stay
readable.  Events keep codes and raw facts: words are made when they are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date, describe_moment
from medshare_portal.registry import Registry

areas: Registry["Area"] = Registry("audit area")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What one fact is called, and how its value reads (the text itself where nothing is said)."""

    label: Promise
    show: Callable[[object], str] = str
    pairs: bool = True  # a list of two is before and after


@dataclass(frozen=True, kw_only=True)
class Area:
    """What can be done with one sort of thing.

    ``facts`` names facts of the events; None leaves one out (keys, checksums).  Every other fact
    is looked up among the columns of ``tables`` and of the event's own object.  ``own_words``
    names an action otherwise where the facts say so.
    """

    code: str
    label: Promise
    actions: Mapping[str, Promise]
    own_words: Callable[[str, Mapping], Promise | None] | None = None  # (action, facts) -> words
    facts: Mapping[str, Fact | None] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    was: Mapping[str, str] = field(default_factory=dict)  # old code → action


def register(area: Area) -> Area:
    return areas.add(area.code, area)


def action_words(code: str, facts: Mapping | None = None) -> str:
    """What was done, with the ``facts`` in the words for this very event; an unknown code is shown
    as it is."""
    area, action = _find(code)
    if area is None:
        return code
    own = area.own_words(action, facts) if area.own_words and facts else None
    return str(own or area.actions[action])


def codes_of(chosen: str) -> list[str]:
    """All codes, old ones included, of an area or of one action."""
    area, action = _find(chosen)
    if area is None and chosen in areas:
        area = areas[chosen]
    if area is None:
        return [chosen]
    wanted = [action] if action else list(area.actions)
    old = [code for code, name in area.was.items() if name in wanted]
    return [f"{area.code}.{name}" for name in wanted] + old


def choices() -> list[tuple]:
    """Every area with its actions, grouped for a select."""
    return [
        (
            area.label,
            [
                (area.code, _("%(area)s: all") % {"area": area.label}),
                *((f"{area.code}.{name}", words) for name, words in area.actions.items()),
            ],
        )
        for area in areas
    ]


def _find(code: str) -> tuple[Area | None, str]:
    name, _dot, action = code.partition(".")
    if name in areas and action in areas[name].actions:
        return areas[name], action
    found = ((area, area.was[code]) for area in areas if code in area.was)
    return next(found, (None, ""))


def facts_in_words(event) -> list[tuple[str, str]]:
    """(label, value) of each fact that says something."""
    area, _action = _find(event.action)
    return _facts(event.data, area, (*(area.tables if area else ()), event.object_type))


def _facts(data: Mapping, area: Area | None, tables: tuple[str, ...]) -> list[tuple[str, str]]:
    lines = []
    for name, value in data.items():
        if name == "rows":
            lines += [_row(row, area) for row in value]
        elif isinstance(value, dict) and name == "changes":
            lines += _facts(value, area, tables)
        else:
            fact = area.facts[name] if area and name in area.facts else _any_areas(name, tables)
            words = "" if fact is None else _worded(value, fact)
            lines += [(str(fact.label), words)] if words else []
    return lines


def _row(row: Mapping, area: Area | None) -> tuple[str, str]:
    """One row of the registry: which, and its changes."""
    facts = _facts(row["changes"], area, (row["type"],))
    return row["which"], joined(facts)


def joined(facts: list[tuple[str, str]]) -> str:
    """'From: 08:00; Until: 20:00'."""
    return _("; ").join(_("%(name)s: %(value)s") % {"name": n, "value": v} for n, v in facts)


def _worded(value, fact: Fact) -> str:
    """Nothing is said of what stayed as it was."""
    show = fact.show
    if not (fact.pairs and _is_pair(value)):
        return "" if _blank(value) else show(value)
    before, after = value
    if before == after:
        return ""
    if _blank(before):
        return show(after)
    words = {"before": show(before), "after": _("none") if _blank(after) else show(after)}
    return _("%(before)s → %(after)s") % words


def _is_pair(value) -> bool:
    return isinstance(value, list) and len(value) == 2 and not isinstance(value[0], dict)


def _blank(value) -> bool:
    return value is None or value == "" or value == []


def _any_areas(name: str, tables: tuple[str, ...]) -> Fact:
    """Every step may have been made in another's place."""
    return Fact(label=_("As deputy for")) if name == "deputy_for" else _column(name, tables)


def _column(name: str, tables: tuple[str, ...]) -> Fact:
    """A fact that is called like a column reads like it."""
    for label in tables:
        try:
            column = apps.get_model(label)._meta.get_field(name)
        except (LookupError, ValueError, FieldDoesNotExist):
            continue
        if isinstance(column, models.Field):
            return Fact(label=capfirst(column.verbose_name), show=_show_of(column))
    return Fact(label=name, show=listed)


def _show_of(column: models.Field) -> Callable[[object], str]:
    if column.choices:
        return one_of(column.flatchoices)
    if isinstance(column, models.BooleanField):
        return yes_or_no
    if isinstance(column, models.DateTimeField):
        return moment
    if isinstance(column, models.DateField):
        return day
    return listed


def one_of(pairs) -> Callable[[object], str]:
    """Shows a code by its words; an unknown code as it is."""
    words = {str(code): label for code, label in pairs}
    return lambda value: str(words.get(str(value), value))


def yes_or_no(value) -> str:
    return _("yes") if str(value).lower() == "true" else _("no")


def moment(value) -> str:
    """A stored moment in the reader's zone."""
    try:
        return describe_moment(datetime.fromisoformat(str(value)), year=True)
    except ValueError:
        return str(value)


def day(value) -> str:
    try:
        return describe_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def listed(value) -> str:
    """Several things one after the other."""
    if isinstance(value, dict):
        return joined([(name, listed(part)) for name, part in value.items()])
    return _(", ").join(map(listed, value)) if isinstance(value, list) else str(value)


def number_of(value) -> str:
    """How many."""
    return str(len(value)) if isinstance(value, list | dict) else str(value)
