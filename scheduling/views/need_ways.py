"""From why nobody can serve a need to what its institution can do about it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scheduling.models import Need
from scheduling.queries.rounds.suitable import Found

MOST = 3
AMEND, POST = "scheduling:need-amend", "scheduling:need-post"
WIDEN = (_("Widen your window"), AMEND, "id_flexible_hours")
FARTHER = (_("Look farther away"), AMEND, "id_within_km")
REWORD = (_("Post it again by its category"), POST, "id_what")
# What stands in the way (a rule of the matcher, or why it was left out): words, page, field.
WAYS = {
    "window": WIDEN,
    "absent": WIDEN,
    "drawn": WIDEN,
    "available": WIDEN,
    "booked": WIDEN,
    "rest": WIDEN,
    "weekly_hours": WIDEN,
    "beyond_round": WIDEN,
    "travel": FARTHER,
    "cold_reach": FARTHER,
    "life": (_("Need it sooner"), AMEND, "id_needed_by"),
    "capability": (_("Ask for less, or for shorter"), AMEND, "id_ends_at"),
    "skill": (_("Ask for fewer skills"), AMEND, "id_skills"),
    "no_time": (_("Give a time from – until"), AMEND, "id_starts_at"),
    "unclear": REWORD,
    "nobody_has_it": REWORD,
    "item": REWORD,
}


def ways_on(need: Need, codes: Iterable[str]) -> list[dict]:
    """Links for whoever may amend the need, each once, in the order of the codes."""
    told = dict.fromkeys(WAYS[code] for code in codes if code in WAYS)
    return [
        {"label": words, "url": _address(need, page, field)}
        for words, page, field in list(told)[:MOST]
    ]


def _address(need: Need, page: str, field: str) -> str:
    names = [need.institution.slug, need.pk] if page == AMEND else [need.institution.slug]
    return f"{reverse(page, args=names)}#{field}"


def codes_of(found: Found) -> list[str]:
    """What keeps offers from the need: what is easiest to give way first."""
    blocked = [code for code, left in found.funnel if not left][:1]
    missed = [one.miss.code for one in found.unsuitable if one.miss]
    return [code for code in (found.left_out, *missed, *blocked) if code]
