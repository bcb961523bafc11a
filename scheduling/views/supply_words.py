"""Offers that found nobody, in words: how much, and after which rule no need was left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from resources.models import Resource
from scheduling.views.round_words import RULES, Step

# What is asked of a need, where it is not what is asked of an offer.
OF_NEEDS = {
    "all": gettext_lazy("needs in this round"),
    "item": gettext_lazy("ask for this"),
    "consortium": gettext_lazy("of hospitals to which it is offered"),
    "capability": gettext_lazy("that it can do, for so long"),
    "window": gettext_lazy("at its offered hours"),
    "skill": gettext_lazy("ask for these skills"),
    "approved": gettext_lazy("where this person may work"),
    "available": gettext_lazy("at the offered hours"),
    "booked": gettext_lazy("while not at work elsewhere"),
    "rest": gettext_lazy("with rest before and after"),
    "practice": gettext_lazy("while practice licences last"),
    "record": gettext_lazy("that its record allows"),
    "life": gettext_lazy("for which it lasts long enough"),
    "use": gettext_lazy("that can use it up in time"),
    "licence": gettext_lazy("with the licence for it"),
    "cold": gettext_lazy("that can keep it cold"),
    "cold_reach": gettext_lazy("that it reaches cold"),
}


@dataclass(frozen=True)
class Unused:
    resource: Resource
    said: str
    steps: list[Step]


def unused(rows: Iterable[dict], resources: Mapping[int, Resource]) -> list[Unused]:
    """Of those that the reader may be told the names of; several units of one are told once."""
    found: dict[int, dict] = {}
    for row in rows:
        if row["offer"] in resources:
            found.setdefault(row["offer"], row)
    return [Unused(resources[key], _said(row), _steps(row)) for key, row in found.items()]


def _said(row: dict) -> str:
    words = [_how_much(row)] if row["amount"] else []
    if row["funnel"][-1][1]:
        number = row["unserved"]
        fitting = ngettext(
            "%(n)s need that it fits stayed without.",
            "%(n)s needs that it fits stayed without.",
            number,
        )
        words.append(fitting % {"n": number} if number else _("Every need that it fits is served."))
    else:
        words.append(_("No need is left after the last rule."))
    return " ".join(words)


def _how_much(row: dict) -> str:
    words = _("Of %(all)s packs %(given)s are proposed, %(left)s found nobody.")
    left = row["amount"] - row["matched"]
    return words % {"all": row["amount"], "given": row["matched"], "left": left}


def _steps(row: dict) -> list[Step]:
    """What leaves nobody out says nothing."""
    steps = row["funnel"]
    told = [
        step
        for at, step in enumerate(steps)
        if at in (0, len(steps) - 1) or step[1] < steps[at - 1][1]
    ]
    most = max((number for _code, number in told), default=1) or 1
    words = RULES | OF_NEEDS
    return [
        Step(number, str(words.get(code, code)), round(100 * number / most), not number)
        for code, number in told
    ]
