"""A round in words: why each proposal, what it does, why a need stayed unmet."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling.actions.rounds.trying import rules_to_try
from scheduling.models import Proposal, UnmetNeed
from scheduling.verdicts import short_words
from scheduling.views.reason_amounts import enough, weighed

CURRENCY = "CNY"
URGENCIES = {
    1: (gettext_lazy("Emergency"), "emergency"),
    2: (gettext_lazy("Urgent"), "urgent"),
    3: (gettext_lazy("Routine"), "routine"),
}
PLAN, WITHOUT = "plan", "without_fairness"  # of ``results["compare"]``
WAYS = {
    PLAN: gettext_lazy("This round"),
    "urgency_first": gettext_lazy("Urgency first"),
    "first_come": gettext_lazy("First come"),
}
# What each rule of the matcher asks, as the end of "how many are left".
RULES = {
    "all": gettext_lazy("looked at in this round"),
    "item": gettext_lazy("of this kind, not all taken"),
    "own": gettext_lazy("of another hospital"),
    "elsewhere": gettext_lazy("of another hospital"),
    "consortium": gettext_lazy("offered to this hospital"),
    "capability": gettext_lazy("able to do this, for so long"),
    "certificate": gettext_lazy("with a trained operator there"),
    "travel": gettext_lazy("near enough"),
    "window": gettext_lazy("free at that time"),
    "struck": gettext_lazy("not struck or declined before"),
    "skill": gettext_lazy("hold the skills"),
    "approved": gettext_lazy("may work at this hospital"),
    "available": gettext_lazy("offered at that time"),
    "rest": gettext_lazy("rested before and after"),
    "booked": gettext_lazy("not booked elsewhere then"),
    "weekly_hours": gettext_lazy("within the weekly hours"),
    "practice": gettext_lazy("while practice licences last"),
    "record": gettext_lazy("with a complete record"),
    "arrival": gettext_lazy("with enough days left at arrival"),
    "life": gettext_lazy("with enough days left when needed"),
    "use": gettext_lazy("that it can use up in time"),
    "recalled": gettext_lazy("not recalled"),
    "licence": gettext_lazy("with the licence that it needs"),
    "cold": gettext_lazy("that it can keep cold"),
    "cold_reach": gettext_lazy("that stay cold on the way"),
}
LEFT_OUT = {
    "at_home": gettext_lazy(
        "Its hospital offers one itself that fits. Use that one, or end its offer for this time."
    ),
    "unclear": gettext_lazy(
        "Its words fit several things. Name the category, or form and strength."
    ),
    "nobody_has_it": gettext_lazy("Nobody offers what its words name."),
    "said_enough": gettext_lazy("Its hospital said: found elsewhere, or no longer needed."),
    "no_time": gettext_lazy("It names no time from – until."),
    "beyond_round": gettext_lazy("It does not fit into the days of this round."),
    "begun": gettext_lazy("The shift has begun already."),
    "not_looked_at": gettext_lazy("It was not looked at; see the notes of this round."),
}
NOTES = {
    "out_of_time": gettext_lazy("The time ran out: this is the best plan found until then."),
    "crashed": gettext_lazy("The matcher failed: the simple way “urgency first” stands in."),
    "broke_a_rule": gettext_lazy(
        "Its plan broke a rule: the simple way “urgency first” stands in."
    ),
    "no_greedy_plan": gettext_lazy("No plan could be made: only what was kept stands."),
}
TIERS = {
    "urgent": gettext_lazy("urgent needs"),
    "equity": gettext_lazy("fairness"),
    "served": gettext_lazy("needs served"),
    "waste": gettext_lazy("waste"),
    "stability": gettext_lazy("stability"),
    "travel": gettext_lazy("distance"),
}


@dataclass(frozen=True)
class Step:
    """What is left after a rule: ``share`` is percent of the longest bar."""

    number: int
    words: str
    share: int
    last: bool


def why(row: Proposal) -> str:
    """In one or two short sentences."""
    offers, nearer = row.why.get("offers", 0), row.why.get("nearer", 0)
    if offers == 1:
        said = [_("The only offer that fits.")]
    elif nearer:
        words = ngettext(
            "%(n)s offers fit. %(nearer)s nearer one serves other needs better.",
            "%(n)s offers fit. %(nearer)s nearer ones serve other needs better.",
            nearer,
        )
        said = [words % {"n": offers, "nearer": nearer}]
    elif offers:
        said = [_("The nearest of %(n)s offers that fit.") % {"n": offers}]
    else:
        said = [_("Kept from before.")]
    others = sum(row.why.get("displaced", ()))
    if others:
        waiting = ngettext(
            "%(n)s other need would have wanted it.",
            "%(n)s other needs would have wanted it.",
            others,
        )
        said.append(waiting % {"n": others})
    return " ".join(said)


def passed(row: Proposal) -> list[Step]:
    """Every rule that this one passed, with how many offers were left after it."""
    steps = row.why.get("funnel", [])
    most = max((number for _code, number in steps), default=1) or 1
    return [
        Step(number, str(RULES.get(code, code)), round(100 * number / most), False)
        for code, number in steps
    ]


def part_of_need(row: Proposal) -> str:
    """Where it meets a part only."""
    part = row.effect.get("part", 100)
    return _("%(n)s %% of the need") % {"n": part} if part < 100 else ""


@dataclass(frozen=True)
class Unmet:
    row: UnmetNeed
    icon: str
    reason: str
    steps: list[Step]
    try_url: str = ""
    try_now: str = ""
    need_url: str = ""


def unmet(row: UnmetNeed, try_url: str = "", need_url: str = "", *, of_city: bool = False) -> Unmet:
    """``try_url``: where changes are tried on a copy; the named relaxation in one click;
    ``need_url``: the page of the need, where the reader has one; ``of_city``: whether an official
    reads it, who hears of people's other work, too."""
    tried = relaxed_rule(row) if try_url else ""
    query = urlencode({"what": "rule", "rule-rule": tried, "rule-whose": "need"}) if tried else ""
    left_out = try_url if row.code not in LEFT_OUT else ""
    return Unmet(
        row,
        URGENCIES[row.urgency][1],
        _reason(row, of_city),
        _funnel(row),
        left_out,
        query,
        need_url,
    )


def relaxed_rule(row: UnmetNeed) -> str:
    """The rule that the reason names, where it may be left out on trial."""
    named = row.code == "no_offer" and not _refused(row)
    rule = (row.data.get("relax") or {}).get("code", "") if named else ""
    return rule if rule in rules_to_try(row.kind) else ""


def _funnel(row: UnmetNeed) -> list[Step]:
    """From the first rule that left anybody out; equal numbers in a row say nothing new."""
    steps = row.data.get("funnel", []) if row.code == "no_offer" else []
    told = [
        step
        for at, step in enumerate(steps)
        if at in (0, len(steps) - 1) or step[1] < steps[at - 1][1]
    ]
    most = max((number for _code, number in told), default=1) or 1
    words = RULES | ({"struck": _("allowed by the workflow’s rules")} if _refused(row) else {})
    return [
        Step(number, str(words.get(code, code)), round(100 * number / most), place == len(told) - 1)
        for place, (code, number) in enumerate(told)
    ]


def _refused(row: UnmetNeed) -> bool:
    """Whether it was the workflow's rules, asked after the matcher's, that left nobody."""
    funnel = row.data.get("funnel") or [["", 0]]
    return bool(row.data.get("rules")) and funnel[-1][0] == "struck"


def _reason(row: UnmetNeed, of_city: bool) -> str:
    if row.code in LEFT_OUT:
        return str(LEFT_OUT[row.code])
    if _refused(row):
        words = [f"{code} {short_words(code) or ''}".strip() for code in row.data["rules"]]
        return _("Rules of the workflow refuse it: %(rules)s.") % {"rules": ", ".join(words)}
    if row.code == "no_offer":
        return _relaxing(row.data.get("relax"), of_city)
    if row.code == "fairness":
        return _fairness(row.data)
    held = row.data.get("held_by")
    if row.data.get("use"):
        return _("More of it would expire with this hospital before it is used.")
    if held:
        words = _("The nearest offer that fits, %(minutes)s min away, serves %(urgency)s needs.")
        urgency = str(URGENCIES[held][0]).lower()
        said = words % {"minutes": row.data.get("minutes", 0), "urgency": urgency}
        return f"{said} {weighed(row.data)}".strip()
    if "minutes" in row.data:
        words = _(
            "An offer that fits, %(minutes)s min away, is free: the computation ended before."
        )
        return words % {"minutes": row.data["minutes"]}
    return _("Others were served with every offer that fits.")


def _fairness(data: dict) -> str:
    """Both fills: what the hospital gets, and what it would get if fairness did not count."""
    said = _("A hospital that gets less was served instead.")
    if "fill" not in data:
        return said
    words = _(
        "This hospital gets %(fill)s %% of its weighted needs; without fairness %(without)s %%."
    )
    return f"{said} {words % {'fill': data['fill'], 'without': data['fill_without']}}"


def _relaxing(relax: dict | None, of_city: bool) -> str:
    if not relax:
        return ""
    words = {"rule": str(RULES.get(relax["code"], relax["code"])), "n": relax["opens"]}
    said = ngettext(
        "Without “%(rule)s” %(n)s offer would fit.",
        "Without “%(rule)s” %(n)s offers would fit.",
        relax["opens"],
    )
    return f"{said % words} {enough(relax, of_city=of_city)}".strip()
