"""A candidate as the page shows it: badges, bars and words; no name is among the facts."""

from datetime import timedelta
from math import floor

from django.utils.translation import gettext as _

from medshare_portal import policy
from medshare_portal.findings import Finding
from medshare_portal.local_times import describe_hours
from resources.enums_staff import LicenceKind
from resources.tables import asked_price
from scheduling.kinds.staff import drawing
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.queries.candidates import Candidate, Group


def needed_papers(asked: Asked, licence: bool = True) -> list[str]:
    """What the shift needs of everyone, in words."""
    found = [_("Licence")] if licence else []
    if asked.specialty is not None:
        found.append(asked.specialty.display)
    found += [_("Basis to practise here"), _("Indemnity"), _("Health clearance")]
    return found + [competency.name for competency in asked.competencies]


def row_of(candidate: Candidate, invite_url: str) -> dict:
    """``invite_url`` leads to the invitation; ``waits`` is the key of one that was sent."""
    facts, assessed = candidate.facts, candidate.facts.assessment
    person = candidate.resource
    limits = policy.current().staff
    least = timedelta(hours=limits.daily_rest_hours)
    duty = assessed.week_with_duty - assessed.week_at_home - assessed.week_elsewhere
    return {
        "badge": person.code,
        "institution": person.institution.name,
        "below": _below(person),
        "papers": _papers(candidate),
        "findings": [
            _said(finding, candidate.group) for finding in candidate.findings if _is_rule(finding)
        ],
        "rest": drawing.rest_bars(assessed.rest_before, assessed.rest_after, least),
        "before": _rest(assessed.rest_before),
        "after": _rest(assessed.rest_after),
        "week": drawing.week_boxes(facts.duty, facts.others, assessed.week, facts.zone),
        "hours": drawing.hour_bars(
            assessed.week_at_home,
            assessed.week_elsewhere,
            max(duty, timedelta(0)),
            limits.weekly_average_hours,
        ),
        "hours_words": describe_hours(assessed.week_with_duty),
        "margin": _margin(assessed.average, limits.weekly_average_hours),
        "over": assessed.average > timedelta(hours=limits.weekly_average_hours),
        "km": f"{facts.distance_km:.0f}",
        "minutes": candidate.travel,
        "price": asked_price(candidate.offer) if candidate.offer else "",
        "url": invite_url,
        "waits": candidate.invitation,
        "may_invite": candidate.group == Group.COMPLIANT,
        "may_except": bool(candidate.findings.exceptions) and not candidate.findings.hard,
    }


def _below(person) -> str:
    member = person.staff_member
    words = [member.get_title_level_display()]
    if member.practising_since:
        words.append(_("since %(year)s") % {"year": member.practising_since})
    return " · ".join(words)


def _papers(candidate: Candidate) -> dict:
    """How many of the papers are in date: '5 of 6'."""
    licensed = candidate.resource.staff_member.licence_kind != LicenceKind.NONE
    total = len(needed_papers(candidate.facts.asked, licensed))
    good = max(0, total - len(candidate.papers))
    if good == total:
        return {"level": "ok", "words": _("All %(total)s in date") % {"total": total}}
    words = _("%(good)s of %(total)s in date") % {"good": good, "total": total}
    return {"level": "neutral", "words": words}


def _is_rule(finding: Finding) -> bool:
    return finding.severity in ("block", "warn")


def _said(finding: Finding, group: Group) -> dict:
    """What to do is said where one thing is missing; the invitation's page says all of it."""
    level = "bad" if finding.severity == "block" else "warn"
    told = level == "bad" and group == Group.MISSING
    return {"level": level, "words": finding.text, "do": finding.advice_text if told else ""}


def _rest(rest: timedelta | None) -> str:
    if rest is None or rest > timedelta(hours=99):
        return _("free")
    return _("no rest") if rest < timedelta(0) else describe_hours(rest, to=floor)


def _margin(average: timedelta, limit: float) -> str:
    """'8 h under 44', from the average over the reference period."""
    if not limit:
        return ""
    left = timedelta(hours=limit) - average
    words = (
        _("%(hours)s under %(limit)s") if left >= timedelta(0) else _("%(hours)s over %(limit)s")
    )
    return words % {"hours": describe_hours(abs(left)), "limit": f"{limit:g}"}
