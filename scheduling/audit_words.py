"""Words for what requests write into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import (
    Area,
    Fact,
    joined,
    moment,
    number_of,
    one_of,
    register,
    yes_or_no,
)
from medshare_portal.models.crisis import crisis_reference
from medshare_portal.relaxations import words_of as relaxed_words
from resources.enums import AutoApproval
from resources.enums_information import Purpose
from scheduling.basket_states import Together, Undone
from scheduling.enums_information import ReviewVerdict
from scheduling.kinds import kinds
from scheduling.states import State, Suspension
from scheduling.step_words import REASONS, STEPS


def _reasons(value) -> str:
    """'EQ-12: the second mask stays with us'."""
    return joined(list(value.items()))


def _sign_off(code) -> str:
    """'Agreement of the home employer': sign-offs have codes of their own across the kinds."""
    labels = {part.code: part.label for kind in kinds for part in kind.sign_offs}
    return str(labels.get(code, code))


def _of_the_kind(step: str, facts):
    """The kind's own word for a step; events from before the kind was written down have none."""
    kind = facts.get("kind")
    return kinds[kind].logged.get(step) if kind in kinds else None


register(
    Area(
        code="request",
        label=_("Sharing requests"),
        actions=STEPS,
        own_words=_of_the_kind,
        facts={
            "kind": None,
            "state": Fact(label=_("State"), show=one_of(State.choices)),
            "reason": Fact(label=_("Reason"), show=one_of(REASONS.items())),
            "starts_at": Fact(label=_("From"), show=moment),
            "ends_at": Fact(label=_("Until"), show=moment),
            "new_ends_at": Fact(label=_("New end"), show=moment),
            "rule": Fact(label=_("Approved automatically"), show=one_of(AutoApproval.choices)),
            "given_to": Fact(label=_("Given to")),
            "passed": Fact(label=_("Warnings passed"), show=_reasons),
            "harm": Fact(label=_("A patient was harmed"), show=yes_or_no),
            "stopped": Fact(label=_("Its use was stopped"), show=yes_or_no),
            "why": Fact(label=_("On hold because"), show=one_of(Suspension.choices)),
            "consent": Fact(label=_("Consent"), show=_sign_off),
            "purpose": Fact(label=_("Purpose of use"), show=one_of(Purpose.choices)),
            "until": Fact(label=_("Open until"), show=moment),
            "looks": Fact(label=_("Looks"), show=number_of, pairs=False),
            "verdict": Fact(label=_("Verdict"), show=one_of(ReviewVerdict.choices)),
            "crisis": Fact(label=_("Under the crisis"), show=crisis_reference, pairs=False),
            "relaxed": Fact(label=_("Relaxed by the crisis"), show=relaxed_words, pairs=False),
            "waited": Fact(label=_("Minutes waited")),
            "problem": Fact(label=_("Problem"), show=yes_or_no),
        },
    )
)

register(
    Area(
        code="waitlist",
        label=_("Wait-list"),
        actions={
            "joined": _("Joined the line"),
            "left": _("Left the line"),
            "passed_on": _("Passed a place on"),
            "gone": _("A place could no longer be had"),
            "offered": _("Place offered"),
            "expired": _("Waited in vain"),
        },
        facts={
            "wanted": Fact(label=_("Waits for")),
            "starts_at": Fact(label=_("From"), show=moment),
            "ends_at": Fact(label=_("Until"), show=moment),
            "given": Fact(label=_("Held as")),
        },
    )
)
register(
    Area(
        code="basket",
        label=_("Baskets"),
        actions={
            "share": _("Basket opened to colleagues"),
            "unshare": _("Basket closed to colleagues"),
            "put_in": _("Lines put into a colleague's basket"),
            "send": _("Basket sent"),
            "complete": _("Basket complete"),
            "undo": _("Basket came to nothing"),
        },
        facts={
            "items": Fact(label=_("Items"), show=number_of),
            "together": Fact(label=_("Items together"), show=one_of(Together.choices)),
            "why": Fact(label=_("Reason"), show=one_of(Undone.choices)),
            "told": Fact(label=_("Colleagues asked")),
            "put_in_by": Fact(label=_("Put in by")),
        },
    )
)

register(
    Area(
        code="series",
        label=_("Series"),
        actions={
            "send": _("Series sent"),
            "call_off": _("Dates called off"),
            "change_hours": _("Hours changed"),
            "recall": _("Called off by the owner"),
            "ask_confirmation": _("Asked whether it is still needed"),
            "confirm": _("Still needed, confirmed"),
            "release": _("Unused dates released"),
        },
        facts={
            "dates": Fact(label=_("Dates"), show=number_of),
            "kept": Fact(label=_("Dates within the promised notice, kept"), show=number_of),
            "rule": Fact(label=_("Repeats")),
            "reason": Fact(label=_("Reason"), show=one_of(REASONS.items())),
            "until": Fact(label=_("Until"), show=moment),
        },
    )
)
