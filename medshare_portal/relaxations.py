"""The rules that a crisis may relax, by name: one table, filled by the apps.

A relaxation is a small module of its own; whatever is not in this table, no crisis relaxes: the
safety rules of each kind (EQ, MED, STF, INF) and what is there to give stay as they are.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medshare_portal.registry import Registry

relaxations: Registry["Relaxation"] = Registry("relaxation")


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """``what`` says exactly what is relaxed and what is not; ``rule`` is the code of the rule in
    the findings, empty for what no finding says (who sees, who decides)."""

    code: str
    label: Promise
    what: Promise
    rule: str = ""


def words_of(codes) -> str:
    """'shorter notice, wider visibility'."""
    words = (str(relaxations[code].label if code in relaxations else code) for code in codes)
    return _(", ").join(words)


def register(relaxation: Relaxation) -> Relaxation:
    return relaxations.add(relaxation.code, relaxation)
