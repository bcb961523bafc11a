"""The one badge of a row: the worst that the rules say, in a few words."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.findings import Findings, Severity
from scheduling.kinds import kinds, zone_of
from scheduling.timeline.axis import local_date, weekday_name

SHORT = {
    "GEN-01": gettext_lazy("Times are wrong"),
    "GEN-02": gettext_lazy("Time is already past"),
    "GEN-03": gettext_lazy("The time is taken"),
    "GEN-12": gettext_lazy("Asked for already"),
    "GEN-13": gettext_lazy("Too far ahead"),
    "GEN-05": gettext_lazy("Practice licence runs out"),
    "EQ-01": gettext_lazy("Device does not work fully"),
    "EQ-02": gettext_lazy("Maintenance falls due"),
    "EQ-03": gettext_lazy("Calibration falls due"),
    "EQ-04": gettext_lazy("Safety test missing"),
    "EQ-05": gettext_lazy("Not cleaned yet"),
    "EQ-06": gettext_lazy("Defective, expired or unregistered"),
    "EQ-07": gettext_lazy("No trained operator"),
    "EQ-08": gettext_lazy("Stays at its licensed site"),
    "EQ-10": gettext_lazy("Agreement or insurance missing"),
    "EQ-11": gettext_lazy("Device is not back yet"),
    "EQ-12": gettext_lazy("Counter or accessories differ"),
    "EQ-13": gettext_lazy("Too little time for cleaning"),
    "EQ-14": gettext_lazy("Use overlaps maintenance"),
    "EQ-15": gettext_lazy("Goes into our own reserve"),
    "EQ-16": gettext_lazy("Checklist not confirmed"),
    "OFR-01": gettext_lazy("No longer offered"),
    "OFR-02": gettext_lazy("Outside the offered hours"),
    "OFR-03": gettext_lazy("Short notice"),
    "OFR-04": gettext_lazy("Longer than offered"),
    "OFR-05": gettext_lazy("More than is offered"),
    "OFR-06": gettext_lazy("Offer not confirmed lately"),
}


def short_words(code: str):
    """What a finding is about, in a few words; None where only its message says it."""
    if code in SHORT:
        return SHORT[code]
    return next((kind.finding_words[code] for kind in kinds if code in kind.finding_words), None)


def verdict(task) -> tuple[str, str]:
    """(badge status, words) of an inbox task."""
    found = task.findings
    if found.blocks:
        return _blocked(task)
    if found.warnings:
        return "warn", _few_words(found)
    if task.rivals:
        number = len(task.rivals) + 1
        words = ngettext("%(n)s hospital asks for it", "%(n)s hospitals ask for it", number)
        return "info", words % {"n": number}
    return _quiet(task)


def verdict_of_dates(tasks) -> tuple[str, str]:
    """(badge status, words) of several dates of one series: how many of them nothing stops."""
    good = sum(not task.findings.blocks for task in tasks)
    words = {"good": good, "all": len(tasks)}
    if good < len(tasks):
        status = "partial" if good else "bad"
        return status, _("%(good)s of %(all)s dates can be had") % words
    if any(task.findings.warnings for task in tasks):
        return "warn", _("%(all)s dates, some with a warning") % words
    if any(task.rivals for task in tasks):
        return "info", _("%(all)s dates, others ask too") % words
    return "ok", _("All checks pass")


def _quiet(task) -> tuple[str, str]:
    return {
        "answer_counter": ("info", _("Answer to our request")),
        "answer_extension": ("info", _("Longer use, no objection")),
        "post_check": ("waiting", _("Returned, to be checked")),
    }.get(task.step, ("ok", _("All checks pass")))


def _blocked(task) -> tuple[str, str]:
    context = task.context
    codes = {finding.code for finding in task.findings.blocks}
    if "GEN-03" in codes and task.request.resource.units > 1:
        free, every = context.units_free, task.request.resource.units
        return "partial", _("Only %(free)s of %(all)s free") % {"free": free, "all": every}
    conflicts = context.conflicts if context else ()  # what claims no time meets none
    own = next((conflict for conflict in conflicts if conflict.own_use), None)
    if own is not None:
        zone = ZoneInfo(zone_of(task.request))
        day = weekday_name(local_date(max(own.starts_at, task.request.starts_at), zone))
        return "bad", _("Clashes with our use %(day)s") % {"day": day}
    return "bad", _few_words(task.findings)


def _few_words(findings: Findings) -> str:
    worst = findings.blocks or findings.warnings
    words = short_words(worst[0].code) or worst[0].text
    more = len({finding.code for finding in worst}) - 1
    return _("%(words)s, %(more)s more") % {"words": words, "more": more} if more else str(words)


def finding_rows(findings: Findings) -> list[dict]:
    """Findings as the component ``findings`` shows them, blocks first."""
    titles = {
        Severity.BLOCK: gettext_lazy("Stop: %(words)s"),
        Severity.WARN: gettext_lazy("Note: %(words)s"),
        Severity.INFO: "%(words)s",
    }
    return [
        {
            "severity": finding.severity,
            "title": str(titles[finding.severity])
            % {"words": (short_words(finding.code) or finding.code)},
            "message": finding.text,
            "what_to_do": finding.advice_text,
            "code": finding.code,
            "source": finding.source_text,
        }
        for finding in findings
    ]


# What an approver wants to know has passed: words → the codes that would object; before and after
# what the kind has of its own.
FIRST = (
    (gettext_lazy("time"), {"GEN-03", "EQ-13"}),
    (gettext_lazy("licences"), {"GEN-05"}),
)
LAST = ((gettext_lazy("terms of the offer"), {"OFR-01", "OFR-02", "OFR-04", "OFR-05"}),)


def passed_sentence(task) -> str:
    """'6 other checks pass: licences, training, …'; empty where no rule was asked."""
    if task.context is None:
        return ""
    codes = {finding.code for finding in task.findings}
    topics = (*FIRST, *kinds[task.request.kind].topics, *LAST)
    passed = [str(words) for words, objecting in topics if not objecting & codes]
    comma = _(", ")
    if not passed:
        return ""
    return ngettext(
        "%(n)s check passes: %(topics)s", "%(n)s checks pass: %(topics)s", len(passed)
    ) % {"n": len(passed), "topics": comma.join(passed)}
