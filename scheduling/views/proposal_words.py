"""A published proposal as both its hospitals read it: how urgent, why, to what end."""

from django.utils.translation import gettext as _

from medshare_portal.money import money_words
from medshare_portal.roles import Permission, roles_with
from scheduling.models import Proposal
from scheduling.states import Side
from scheduling.views.round_words import CURRENCY, URGENCIES, part_of_need, why

TELLING = 2  # points; less says nothing about one proposal


def told_to(row: Proposal, side: Side | None) -> dict:
    """Context of ``scheduling/rounds/told.html``; ``side``: the reader's."""
    words, icon = URGENCIES[row.urgency]
    return {"urgency": words, "icon": icon, "why": why(row), "effects": effects(row, side)}


def effects(row: Proposal, side: Side | None) -> list[str]:
    """What it saves is told to who lends: it is made of what the packs cost there."""
    effect, found = row.effect, []
    if part := part_of_need(row):
        found.append(_("It meets %(part)s.") % {"part": part})
    if effect.get("after", 0) - effect.get("before", effect.get("after", 0)) >= TELLING:
        words = _(
            "With it %(name)s has %(after)s %% of its weighted needs, without it %(before)s %%."
        )
        shares = {"before": effect["before"], "after": effect.get("after", 0)}
        found.append(words % (shares | {"name": row.borrower.name}))
    if side == Side.OWNER and effect.get("saved"):
        saved = money_words(effect["saved"], CURRENCY)
        found.append(_("It saves %(amount)s from expiry.") % {"amount": saved})
    return found


def who_answers(row: Proposal, side: Side) -> str:
    """For colleagues who may not: the roles that may."""
    permission = Permission.DECIDE if side == Side.OWNER else Permission.ASK
    return _(", ").join(str(role.label) for role in roles_with(permission, row.kind))
