"""The codes of the pairwise rules, per kind in the order in which they are told."""

from scheduling.matching.problem import Kind

RULE_CODES: dict[Kind, tuple[str, ...]] = {
    Kind.EQUIPMENT: (
        "item",
        "own",
        "consortium",
        "capability",
        "certificate",
        "practice",
        "travel",
        "window",
        "booked",
        "struck",
    ),
    Kind.MEDICINE: (
        "item",
        "own",
        "consortium",
        "recalled",
        "record",
        "arrival",
        "life",
        "use",
        "licence",
        "practice",
        "cold",
        "cold_reach",
        "travel",
        "struck",
    ),
    Kind.STAFF: (
        "skill",
        "elsewhere",
        "approved",
        "practice",
        "travel",
        "available",
        "rest",
        "booked",
        "weekly_hours",
        "struck",
    ),
}
KNOWN = frozenset(code for codes in RULE_CODES.values() for code in codes)
