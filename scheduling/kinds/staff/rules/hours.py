"""STF-06 to 12: hours and rest over all employers; STF-14: how much is lent."""

from math import ceil, floor

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from resources.kinds.staff.rules import sources
from resources.kinds.staff.working_time import Level, Measure
from scheduling.kinds.staff.rules.wording import Day, Hours

SEVERITIES = {Level.WARN: Severity.WARN, Level.BLOCK: Severity.BLOCK}
OTHER_TIME = _("Choose another time or another person.")
# Measure → (code, words, what to do, source).
WORDS = {
    Measure.OVERLAP: (
        "STF-06",
        _("Overlaps another shift by %(value)s, the ways included."),
        OTHER_TIME,
        sources.GOVERNANCE,
    ),
    Measure.DAY: (
        "STF-07",
        _("%(value)s of work on %(day)s, limit %(limit)s."),
        _("Shorten the shift or plan longer breaks."),
        sources.OVERTIME,
    ),
    Measure.WEEK: (
        "STF-08",
        _("%(value)s a week on average, limit %(limit)s."),
        OTHER_TIME,
        sources.WEEK,
    ),
    Measure.MONTH: (
        "STF-09",
        _("%(value)s of overtime in the month, limit %(limit)s."),
        OTHER_TIME,
        sources.OVERTIME,
    ),
    Measure.WEEKLY_REST: (
        "STF-10",
        _("The longest rest of the week is %(value)s, needed are %(limit)s."),
        OTHER_TIME,
        sources.WEEKLY_REST,
    ),
    Measure.DAILY_REST: (
        "STF-11",
        _("Only %(value)s of rest within 24 hours, needed are %(limit)s."),
        OTHER_TIME,
        sources.DAILY_REST,
    ),
    Measure.BREAK: (
        "STF-12",
        _("A break of %(value)s is too short, needed are %(limit)s."),
        _("Plan a longer break."),
        sources.BREAKS,
    ),
    Measure.NIGHT: (
        "STF-12",
        _("Night shifts last %(value)s on average, more than %(limit)s."),
        _("Plan shorter nights."),
        sources.BREAKS,
    ),
}
RESTS = {Measure.WEEKLY_REST, Measure.DAILY_REST, Measure.BREAK}  # the less the worse
CODES = frozenset(code for code, *_words in WORDS.values())


def hours_and_rest(context):
    """Every breach that the shift makes or adds to; of two of one measure the worse."""
    worst, excepted = {}, set(policy.current().staff.exceptions)
    for breach in context.own.assessment.breaches:
        known = worst.get(breach.measure)
        if known is None or (breach.level, breach.value) > (known.level, known.value):
            worst[breach.measure] = breach
    for breach in worst.values():
        code, message, advice, source = WORDS[breach.measure]
        yield Finding(
            code=code,
            severity=SEVERITIES[breach.level],
            message=message,
            advice=advice,
            source=source,
            excepted=breach.level == Level.BLOCK and code in excepted,
            params={
                "value": Hours(breach.value, floor if breach.measure in RESTS else ceil),
                "limit": Hours(breach.limit),
                "day": Day(breach.on),
            },
        )


def not_lent_too_much(context):
    """STF-14: governance, the home employer may pass it with a reason.

    Where shifts at home are not kept here, nobody knows the share.
    """
    limits, facts = policy.current().staff, context.own
    if facts.hosts > limits.most_hosts:
        yield Finding(
            code="STF-14",
            severity=Severity.WARN,
            message=_("This would be host number %(hosts)s within the reference period."),
            advice=_("Prefer hosts that the person knows."),
            params={"hosts": facts.hosts},
            source=sources.GOVERNANCE,
        )
    assessed = facts.assessment
    total = assessed.week_with_duty
    away = total - assessed.week_at_home
    if facts.roster_known and away > total * (limits.host_share_percent / 100):
        yield Finding(
            code="STF-14",
            severity=Severity.WARN,
            message=_("More than %(share)s %% of the week would be worked at hosts."),
            advice=_("The home employer may still agree."),
            params={"share": limits.host_share_percent},
            source=sources.GOVERNANCE,
        )


RULES = (hours_and_rest, not_lent_too_much)
