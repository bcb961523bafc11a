"""STF-01 to 05 and 13: licence, scope, practice basis, indemnity, skills and health."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from resources.enums_staff import LicenceKind, LicenceStatus, PracticeBasisCode
from resources.kinds.staff.rules import sources
from scheduling.kinds.staff.rules.wording import Day

CODES = frozenset({"STF-01", "STF-02", "STF-03", "STF-05", "STF-13"})


def _finding(code, message, advice, source, severity=Severity.BLOCK, **params):
    return Finding(
        code=code, severity=severity, message=message, advice=advice, source=source, params=params
    )


def licence_lasts(context):
    """STF-01"""
    facts = context.own
    papers, source = facts.papers, sources.PHYSICIANS_AND_NURSES
    if papers.licence_kind == LicenceKind.NONE:
        return
    if papers.licence_status != LicenceStatus.ACTIVE or not papers.licence_verified:
        yield _finding(
            "STF-01",
            _("The licence is not in force or not verified."),
            _("The home institution verifies it in the official register."),
            source,
        )
    until = papers.licence_until
    if until is None:
        return
    if until < facts.last_day:
        yield _finding(
            "STF-01",
            _("The licence ends on %(day)s, before the shift."),
            _("The home institution enters the renewed licence."),
            source,
            day=Day(until),
        )
    elif until < facts.last_day + timedelta(days=policy.current().staff.licence_warn_days):
        yield _finding(
            "STF-01",
            _("The licence ends on %(day)s."),
            _("Renew it in time: a booking on an ended licence is put on hold."),
            source,
            Severity.WARN,
            day=Day(until),
        )


def within_scope(context):
    """STF-02: the specialty of the shift is the person's, and one that the host may offer.

    Where the shift names none, one of the person's must be: nobody works beside the host's list.
    """
    facts = context.own
    specialty = facts.asked.specialty
    if specialty is None:
        own = facts.papers.specialties
        if facts.host_specialties and own and own.isdisjoint(facts.host_specialties):
            yield _finding(
                "STF-02",
                _("No specialty of this person is among the host’s approved specialties."),
                _("Choose somebody of another specialty."),
                sources.SCOPE,
            )
        return
    if specialty.code not in facts.papers.specialties:
        yield _finding(
            "STF-02",
            _("%(specialty)s is not within the scope of this person."),
            _("Choose somebody of that specialty."),
            sources.SCOPE,
            specialty=specialty.display,
        )
    if facts.host_specialties and specialty.code not in facts.host_specialties:
        yield _finding(
            "STF-02",
            _("%(specialty)s is not among the host’s approved specialties."),
            _("The registry administrator keeps the list of approved specialties."),
            sources.SCOPE,
            specialty=specialty.display,
        )


def has_a_basis(context):
    """STF-03: something by which the person may practise at this host on these days."""
    facts = context.own
    known = [
        (basis, span)
        for basis, span in facts.papers.bases
        if basis != PracticeBasisCode.CONSORTIUM or facts.papers.common_consortium
    ]
    if any(span.holds(facts.first_day, facts.last_day) for _basis, span in known):
        return
    ended = [span.last for _basis, span in known if span.last and span.last < facts.last_day]
    if ended:
        yield _finding(
            "STF-03",
            _("The basis to practise here ends on %(day)s."),
            _("The home institution files a new one and enters it."),
            sources.BASIS,
            day=Day(max(ended)),
        )
    else:
        yield _finding(
            "STF-03",
            _("There is no basis to practise here."),
            _("The home institution files one (multi-site practice, consortium) and enters it."),
            sources.BASIS,
        )


def is_covered(context):
    """STF-05"""
    facts = context.own
    spans = facts.papers.indemnities
    if not any(span.holds(facts.first_day, facts.last_day) for span in spans):
        yield _finding(
            "STF-05",
            _("Indemnity does not cover this host and day."),
            _("A letter of the insurer takes about a day; the home institution enters it."),
            sources.INDEMNITY,
        )


def skills_and_health_last(context):
    """STF-13"""
    facts, last = context.own, context.own.last_day
    for competency in facts.asked.competencies:
        until = facts.papers.competencies.get(competency.pk, False)
        if until is False or (until is not None and until < last):
            ended = _("%(skill)s ended on %(day)s.") if until else _("%(skill)s is missing.")
            yield _finding(
                "STF-13",
                ended,
                _("A retest or a new certificate; the home institution enters it."),
                sources.GOVERNANCE,
                skill=competency.name,
                day=Day(until or None),
            )
    clearances = facts.papers.health_until
    if not any(until is None or until >= last for until in clearances):
        yield _finding(
            "STF-13",
            _("There is no health clearance for that day."),
            _("The home institution enters the new clearance."),
            sources.GOVERNANCE,
        )


RULES = (licence_lasts, within_scope, has_a_basis, is_covered, skills_and_health_last)
