"""Devices in a matching round."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from medshare_portal.findings import Findings
from resources.buffers import before_and_after
from resources.enums import EquipmentStatus, ShareMode
from resources.intervals import Interval, clip, merge
from resources.models import Equipment, Offer, OperatorCompetency, Resource
from scheduling.kinds.equipment import alike_in_rounds
from scheduling.matching import problem as matcher
from scheduling.matching.problem import Problem
from scheduling.models import Need, Proposal
from scheduling.queries.busy import Busy, usable
from scheduling.queries.rounds import timed
from scheduling.queries.rounds.draft import MINUTE, Draft, reference
from scheduling.queries.rounds.meanings import Classes, paths_meant
from scheduling.queries.rounds.of_kind import RoundKind
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode

REASON = "whether an institution holds a competency; only the matcher sees it"
LONGEST = "up-to-hours:"


class EquipmentInRounds(RoundKind):
    matcher = matcher.Kind.EQUIPMENT

    def draw(self, draft: Draft, needs: list[Need]) -> None:
        resources = timed.offered(draft, "equipment", ("equipment",))
        paths, unclear = paths_meant(timed.without_time(draft, needs), resources)
        draft.left_out |= unclear
        asked = [need for need in needs if need.pk in paths]
        classes = Classes(paths.values())
        resources = [row for row in resources if classes.of(row.category.path)]
        _Devices(draft, classes, resources, {_hours(draft, need) for need in asked}).draw()
        for need in asked:
            _ask(draft, need, classes.meaning(paths[need.pk]))
        _certify(draft)

    def judge(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        wishes = [
            Wish(
                resource=row.resource,
                borrower=row.borrower,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                units=row.quantity,
                mode=default_mode(row.resource),
                priority=row.need.priority,
            )
            for row in proposals
        ]
        return [findings_for_request(context) for context in contexts_of(wishes, now=now)]

    def alike(self, problem: Problem, proposals: list[Proposal]) -> Problem:
        return alike_in_rounds.as_one(problem, proposals)

    def crowded(self, pieces: list[Proposal], draft: Draft) -> set[tuple[str, str]]:
        return alike_in_rounds.crowded(pieces, draft)

    def typed(self, proposal: Proposal, *, site, now: datetime) -> dict[str, list[str]]:
        values = {
            "starts_at": proposal.starts_at.isoformat(),
            "ends_at": proposal.ends_at.isoformat(),
            "units": proposal.quantity,
            "priority": proposal.need.priority,
            "mode": default_mode(proposal.resource),
            "purpose": proposal.need.justification or proposal.need.note or proposal.need.name,
            "delivery_site": str(site.pk),
            "transport": "borrower",
        }
        return {name: [str(value)] for name, value in values.items()}

    def asks_agreement(self, proposal: Proposal) -> bool:
        return default_mode(proposal.resource) == ShareMode.LOAN


def _hours(draft: Draft, need: Need) -> int:
    """How long a use would be, in begun hours."""
    return -(-draft.window(need)[2] // 60)


def _ask(draft: Draft, need: Need, meaning) -> None:
    earliest, latest, duration = draft.window(need)
    wanted = {f"{LONGEST}{_hours(draft, need)}"} | ({meaning.deeper} if meaning.deeper else set())
    for ref in draft.parts(need):
        draft.lists["equipment_needs"].append(
            matcher.EquipmentNeed(
                id=ref,
                item=meaning.item,
                earliest=earliest,
                latest=latest,
                duration_minutes=duration,
                capabilities=frozenset(wanted),
                group=f"N-{need.pk}" if need.quantity > 1 else "",
                **draft.about(need),
            )
        )


class _Devices:
    """The devices of the asked classes as the matcher's units.

    The owner's buffers stand in the offer and do not depend on the borrower, so a unit is drawn as
    one that does not move: a use blocks its time and ``cleaning_minutes``, into which both buffers
    go, and the windows are those in which a use may lie.  Distance still counts.
    """

    def __init__(self, draft: Draft, classes: Classes, resources: list[Resource], hours: set[int]):
        self.draft, self.classes, self.resources = draft, classes, resources
        self.hours = hours
        self.offers = timed.offers_of(resources)
        self.around = timed.around(draft, resources)
        self.groups = draft.address(resources)

    def draw(self) -> None:
        for row in self.resources:
            offer = self.offers.get(row.pk)
            if offer is not None and row.equipment.status in EquipmentStatus.USABLE:
                self.draft.lists["units"] += self._units(row, offer)

    def _units(self, row: Resource, offer: Offer) -> Iterator[matcher.Unit]:
        """Where n of equal devices are free, the first n of its units are."""
        times = self._times(row, offer)
        busy = timed.busy_in(self.draft, self.around, row.pk)
        before, after = before_and_after(offer=offer, mode=default_mode(row))
        for number in range(1, row.units + 1):
            windows = self._windows(row, offer, times, busy, number)
            if windows:
                yield matcher.Unit(
                    id=reference("R", row.pk, number, row.units),
                    institution=row.institution.slug,
                    item=self.classes.of(row.category.path),
                    windows=with_room(windows, (before + after) // MINUTE),
                    capabilities=frozenset(self._capabilities(row, offer)),
                    movable=False,
                    cleaning_minutes=(before + after) // MINUTE,
                    requires=_required(row.equipment),
                    consortia=self.groups[row.pk],
                )

    def _times(self, row: Resource, offer: Offer) -> list[Interval]:
        found = merge(
            (each.starts_at, each.ends_at) for each in self.around.offered.get(row.pk, ())
        )
        found = timed.from_notice_on(self.draft, offer, found)
        last = fit_until(row.equipment)
        if last is None:
            return found
        end = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(row.site.time_zone))
        return clip(found, self.draft.starts_at, end)

    def _windows(self, row, offer, times: list[Interval], busy: list[Busy], number: int):
        mode = default_mode(row)
        free = usable(times, busy, offer=offer, mode=mode, total=row.units, wanted=number)
        return timed.spans(self.draft, free)

    def _capabilities(self, row: Resource, offer: Offer) -> set[str]:
        may_last = {f"{LONGEST}{hours}" for hours in self.hours if hours <= offer.max_loan_hours}
        return may_last | self.classes.within(row.category.path)


def with_room(windows: tuple[matcher.Interval, ...], minutes: int) -> tuple[matcher.Interval, ...]:
    """Each window with room for the buffers of a use that ends with it, up to the next window."""
    nexts = [window.starts_at for window in windows[1:]] + [None]
    return tuple(
        matcher.Interval(
            window.starts_at,
            window.ends_at + minutes if then is None else min(window.ends_at + minutes, then),
        )
        for window, then in zip(windows, nexts, strict=True)
    )


def fit_until(equipment: Equipment) -> date | None:
    """The last day on which every test and paper of a device is in date."""
    days = [
        equipment.next_pm_due,
        equipment.calibration_due,
        equipment.registration_valid_until,
        equipment.service_life_until,
        equipment.safety_test_due if equipment.mains_powered else None,
    ]
    return min((day for day in days if day is not None), default=None)


def _required(equipment: Equipment) -> frozenset[str]:
    needed = equipment.required_competency_id
    return frozenset({f"operates:{needed}"} if needed else ())


def _certify(draft: Draft) -> None:
    """Who has people that can operate what."""
    rows = OperatorCompetency.objects.everywhere(reason=REASON).filter(
        holders__gt=0, valid_until__gte=draft.ends_at.astimezone(draft.zone).date()
    )
    for institution, competency in rows.values_list("institution", "competency"):
        draft.certificates[institution].add(f"operates:{competency}")
