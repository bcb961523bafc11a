"""Search results as rows: verdict, why there, distance, cost, and their lane."""

from datetime import timedelta

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_duration, describe_hours
from resources.intervals import total
from resources.tables import money
from scheduling.costs import cost_of
from scheduling.queries.busy import taken
from scheduling.queries.free_own import OwnUnit
from scheduling.queries.rule_facts import Known, Wish, contexts_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode
from scheduling.timeline import candidates as drawing
from scheduling.verdicts import short_words
from scheduling.views.find_drawn import ResultRow

OF_COVERAGE = {"GEN-03", "EQ-13", "OFR-02"}  # the lane and its verdict already say it


def sorted_by(found: list, wanted: dict) -> list:
    """The page of candidates in the order that the person chose."""
    if wanted["full"]:
        found = [one for one in found if one.is_full]
    if wanted["sort"] == "near":
        return sorted(found, key=lambda one: (one.distance_km is None, one.distance_km or 0))
    if wanted["sort"] == "cheap":
        return sorted(found, key=lambda one: one.offer.fee_per_hour)
    return found


class ResultRows:
    """Rows to be drawn.  ``page`` is the view: times, zone, address."""

    def __init__(self, page, axis):
        self.page, self.axis, self.span = page, axis, page.span
        self.length = self.span[1] - self.span[0]
        self.lanes = drawing.Lanes(axis, self.span)
        self.address = page.address(unit="")

    def of_others(self, result) -> list[ResultRow]:
        found = sorted_by(result.candidates, self.page.wanted)
        judged = self._findings(found, result)
        return [
            self._row(one, number, findings)
            for number, (one, findings) in enumerate(zip(found, judged, strict=True), start=1)
        ]

    def _findings(self, found: list, result) -> list:
        wishes = [
            Wish(
                resource=one.resource,
                borrower=self.page.institution,
                starts_at=self.span[0],
                ends_at=self.span[1],
                units=self.page.wanted["units"],
                mode=default_mode(one.resource),
                priority=self.page.wanted["priority"],
            )
            for one in found
        ]
        known = Known(
            {one.resource.pk: one.offer for one in found}, result.around, self.page.crisis
        )
        asked = with_asked_before(wishes)
        contexts = contexts_of(asked, now=self.page.now, known=known)
        return [findings_for_request(context) for context in contexts]

    def _row(self, one, number: int, findings) -> ResultRow:
        covered, units = total(one.free_intervals), self.page.wanted["units"]
        hours = covered.total_seconds() / 3600
        cost = cost_of(hours, units, one.offer.fee_per_hour)
        return ResultRow(
            rank=number,
            name=one.resource.institution.name,
            device=f"{one.resource.name} · {one.resource.code}",
            place=self._place(one),
            url=f"{self.address}&unit={one.resource.pk}#request",
            selected=one.resource.pk == self.page.unit,
            lane=self._lane(one, taken(one.busy, total=one.resource.units, wanted=units)),
            verdicts=[self._coverage(one, covered), *_of_rules(findings)],
            why=self._why(one),
            cost=money(cost, one.offer.currency),
            cost_note=describe_hours(covered),
        )

    def _lane(self, one, when_taken, ours: bool = False) -> str:
        return self.lanes.draw(
            offered=one.offered,
            busy=one.busy,
            taken=when_taken,
            uncovered=one.uncovered,
            ours=ours,
        )

    def _place(self, one) -> str:
        confirmed = _confirmed(one.offer, self.page.now)
        if one.distance_km is None:
            return confirmed
        return _("%(km)s km · %(confirmed)s") % {
            "km": f"{one.distance_km:.1f}",
            "confirmed": confirmed,
        }

    def _coverage(self, one, covered) -> tuple[str, str]:
        if one.is_full:
            return "ok", _("Free the whole time")
        words = _("Covers %(covered)s of %(asked)s") % {
            "covered": describe_hours(covered),
            "asked": describe_hours(self.length),
        }
        return "partial", words

    def _why(self, one) -> str:
        """What speaks for it (the verdict says the coverage), and the owner's terms."""
        points = one.reason.split(" · ")[1:]
        terms = _("lent for up to %(longest)s, recall notice %(recall)s h") % {
            "longest": describe_duration(timedelta(hours=one.offer.max_loan_hours)),
            "recall": one.offer.recall_notice_hours,
        }
        words = " · ".join([*points, terms])
        return words[:1].upper() + words[1:]

    def of_ours(self, own: list[OwnUnit]) -> list[ResultRow]:
        return [self._own_row(one) for one in own]

    def _own_row(self, one: OwnUnit) -> ResultRow:
        return ResultRow(
            rank="",
            name=_("Your own, %(site)s") % {"site": one.resource.site},
            device=f"{one.resource.name} · {one.resource.code}",
            place=one.resource.room or _("On site"),
            url="",
            selected=False,
            lane=self._lane(one, one.taken, ours=True),
            verdicts=[("info", self._own_words(one))],
            why="",
            cost=money(0, "CNY"),
            cost_note=_("own unit"),
        )

    def _own_words(self, one: OwnUnit) -> str:
        if not one.uncovered:
            return _("Yours, free the whole time")
        since = drawing.free_from(self.axis, one.free_intervals, self.span)
        if not since:
            return _("Yours, in use in your dates")
        return _("Yours, free from %(when)s") % {"when": since}

    def pairs(self, found: list, own: list[OwnUnit]) -> list[dict]:
        """Two units that together cover the whole time, where no single one does."""
        if any(one.is_full for one in found):
            return []
        parts = [one for one in found if one.free_intervals]
        mine = [one for one in own if one.free_intervals and one.uncovered]
        combined = []
        for first in parts:
            for second in [*parts, *mine]:
                change = _change_over(first, second, self.span)
                if change and first is not second:
                    combined.append(self._pair(first, second, change))
        return combined[:3]

    def _pair(self, first, second, change) -> dict:
        start, end = self.span
        times = {"starts_at": start, "ends_at": change}
        hours = (change - start).total_seconds() / 3600
        cost = cost_of(hours, self.page.wanted["units"], first.offer.fee_per_hour)
        own = isinstance(second, OwnUnit)
        if not own:
            rest = (end - change).total_seconds() / 3600
            cost += cost_of(rest, self.page.wanted["units"], second.offer.fee_per_hour)
        return {
            "title": _("%(first)s, then %(second)s")
            % {
                "first": first.resource.institution.name,
                "second": _("your own") if own else second.resource.institution.name,
            },
            "first": f"{first.resource.code} {self.page.period_words(start, change)}",
            "second": f"{second.resource.code} {self.page.period_words(change, end)}",
            "cost": money(cost, first.offer.currency),
            "first_url": self.page.address(unit=first.resource.pk, **times),
            "second_url": ""
            if own
            else self.page.address(unit=second.resource.pk, starts_at=change, ends_at=end),
        }


def _change_over(first, second, span):
    """When the second unit takes over, if it can: before the first one's time ends."""
    start, end = span
    until = next((last for begin, last in first.free_intervals if begin <= start < last), None)
    since = next((begin for begin, last in second.free_intervals if last >= end), None)
    return until if until and since and since <= until < end else None


def _of_rules(findings) -> list[tuple[str, str]]:
    """What the rules say besides the coverage; three words at most."""
    judged = (
        ("bad", findings.blocks),
        ("warn", findings.warnings),
        ("info", findings.asked_before[:1]),
    )
    words = [
        (status, str(short_words(finding.code) or finding.text))
        for status, found in judged
        for finding in found
        if finding.code not in OF_COVERAGE
    ]
    return words[:3]


def _confirmed(offer, now) -> str:
    if offer.confirmed_at is None:
        return _("offer not confirmed")
    days = (now - offer.confirmed_at) // timedelta(days=1)
    return _("confirmed today") if days < 1 else _("confirmed %(n)s d ago") % {"n": days}
