"""The dates of a series as rows of a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.findings import Finding, Findings
from medshare_portal.local_times import describe_hours, describe_period
from resources.tables import money
from scheduling.addresses import request_address
from scheduling.costs import cost_at
from scheduling.forms.repeats import ASK, LEAVE, WAIT, name_of
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries.alternatives import OTHER_UNIT, SHIFT
from scheduling.queries.series import DateOutcome
from scheduling.states import State
from scheduling.verdicts import finding_rows, short_words


def choices_of(one: DateOutcome, zone: ZoneInfo, *, waits: bool) -> list[tuple[str, str]]:
    """What can be done with a date; what is usual comes first."""
    shifts = [
        (way.starts_at.isoformat(), describe_period(way.starts_at, way.ends_at, tz=zone))
        for way in one.ways
        if way.kind == SHIFT
    ]
    moved = [(value, _("Ask for %(times)s") % {"times": words}) for value, words in shifts]
    leave = (LEAVE, _("Leave this date out"))
    if one.free:
        ask = (ASK, _("Ask for it"))
        return [ask, leave] if one.fits and not one.asked_before else [leave, ask]
    behind_others = one.taken and not one.ours  # nobody waits behind their own booking
    waiting = [(WAIT, _("Wait for this date"))] if behind_others and waits else []
    return [*waiting, leave, *moved]


def preview_rows(
    found: list[DateOutcome], form, institution, zone: ZoneInfo, elsewhere: Callable
) -> list[dict]:
    """The dates that are thought of, for the page on which they are asked for."""
    return [
        {
            "period": describe_period(one.use.starts_at, one.use.ends_at, tz=zone, year=True),
            "verdict": "warn" if one.crowded or one.asked_before else one.findings.verdict,
            "words": _words(one),
            "findings": finding_rows(one.findings),
            "ours": one.ours,
            "with_whom": _with_whom(one),
            "field": form[name_of(one.use.starts_at)],
            "others": _others(one, institution, zone),
            "search_url": "" if one.free else elsewhere(one),
        }
        for one in found
    ]


def _words(one: DateOutcome) -> str:
    if one.crowded:
        return _("Too close to another date")
    if one.asked_before and not one.findings.warnings:
        return str(short_words("GEN-12"))
    return verdict_words(one.findings)


def verdict_words(findings: Findings) -> str:
    """The worst in a few words."""
    worst = findings.blocks or findings.warnings
    return str(short_words(worst[0].code) or worst[0].text) if worst else _("Free")


def _with_whom(one: DateOutcome) -> str:
    """Who is in the way, as far as the reader may know: our own bookings stand as links."""
    if one.crowded:
        return _("With set-up, transport and cleaning it meets an earlier date of this series.")
    if one.free or one.ours:
        return ""
    if one.own_use:
        return _("The owner uses it then, or keeps it.")
    return _("Another hospital has it then; who, is not shown.") if one.taken else ""


def _others(one: DateOutcome, institution, zone: ZoneInfo) -> list[dict]:
    """Other units for the same time, each asked for on its own page."""
    return [
        {
            "title": way.text,
            "note": way.detail,
            "url": request_address(
                institution,
                way.resource,
                zone,
                starts_at=way.starts_at,
                ends_at=way.ends_at,
            ),
        }
        for way in one.ways
        if way.kind == OTHER_UNIT
    ]


def totals(found: list[DateOutcome], units: int, offer) -> dict:
    """How many of the dates are free, and what those come to of them that are asked for unless one
    chooses otherwise."""
    free = [one for one in found if one.fits]
    asked = [one.use for one in free if not one.asked_before]
    length = sum((use.ends_at - use.starts_at for use in asked), timedelta())
    hours = length.total_seconds() / 3600
    cost = cost_at(offer, hours=hours, units=units, times=len(asked)) if offer else None
    return {
        "all": len(found),
        "free": len(free),
        "asked": sum(one.asked_before for one in found),
        "blocked": len(found) - len(free),
        "hours": describe_hours(length),
        "cost": money(cost, offer.currency) if offer else "",
    }


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """A date of a series that was sent, as either side sees it."""

    request: SharingRequest
    findings: list[dict]
    verdict: str
    words: str
    holders: list[SharingRequest]  # for the owner: whose bookings are in the way
    decides: bool  # it waits for the owner, who reads this
    may_tick: bool  # it can be approved together with others
    ticked: bool
    to_come: bool
    waits_for: list[str]  # consents, in words
    url: str


def open_warnings(request: SharingRequest, found: dict[int, Findings]) -> list[Finding]:
    """Warnings of an undecided date that nobody has passed with a reason yet."""
    passed = {entry["code"] for entry in request.accepted_findings}
    return [one for one in found[request.pk].warnings if one.code not in passed]


def date_rows(
    dates,
    found: dict[int, Findings],
    holders,
    *,
    institution,
    now: datetime,
    consents: dict[int, set[str]],
    ticked: set[int] | None = None,
) -> list[DateRow]:
    """``found``: findings by key of the dates that we may decide; ``holders``: who is in their
    way; ``consents``: codes of those that are still missing;
    ``ticked``: the boxes as sent, else those that nothing speaks against."""
    rows = []
    for request in dates:
        findings = found.get(request.pk, Findings())
        may_tick = request.pk in found and not findings.blocks
        good = may_tick and not open_warnings(request, found)
        rows.append(
            DateRow(
                request=request,
                findings=finding_rows(findings),
                verdict=findings.verdict,
                words=verdict_words(findings),
                holders=holders.get(request.pk, []),
                decides=request.pk in found,
                may_tick=may_tick,
                ticked=may_tick and (good if ticked is None else request.pk in ticked),
                to_come=request.starts_at > now,
                waits_for=_labels(request, consents),
                url=reverse("scheduling:request-detail", args=[institution.slug, request.pk]),
            )
        )
    return rows


def _labels(request: SharingRequest, consents: dict[int, set[str]]) -> list[str]:
    missing = consents.get(request.pk, ()) if request.state == State.REQUESTED else ()
    return [str(part.label) for part in kinds[request.kind].sign_offs if part.code in missing]
