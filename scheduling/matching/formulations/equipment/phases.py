"""What is improved, in which order, and how finely the city is cut for it."""

from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.columns import Region
from scheduling.matching.formulations.equipment.cut import Cutter, Grain
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.greedy import fill, restore
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.formulations.equipment.insertion import make_room
from scheduling.matching.formulations.equipment.packing import Packed, Packing
from scheduling.matching.formulations.equipment.search import Phase, Search
from scheduling.matching.problem import Urgency

WIDE = Grain(units=100, columns=12_000, starts=8)  # urgent needs are few, their objective easy
NARROW = Grain(units=12, columns=5_000, starts=4)
MIDDLE = Grain(units=24, columns=8_000, starts=6)  # better, and dearer


def searched(ground: Ground, clock: Clock) -> Draft:
    """The best plan found.  Urgent needs by themselves, until no region gains any more; then as
    many of all as can be, with what was reached for the urgent held; then the fairest that hardly
    serve fewer; then the same needs as they were proposed before, or nearer."""
    rows = ground.problem.equipment_needs
    everyone = set(ground.open)
    pressing = {need for need in everyone if rows[need].urgency < Urgency.ROUTINE}
    cutter = Cutter(ground, seed=clock.control.seed)

    draft = Draft(ground, fill(ground, restore(ground, {}, pressing), pressing))
    make_room(draft, pressing, clock, reserve=0.65)
    Search(draft, cutter, clock).run(urgent(), pressing)

    draft = Draft(ground, fill(ground, restore(ground, draft.plan, everyone), everyone))
    make_room(draft, everyone, clock, reserve=0.35)
    search = Search(draft, cutter, clock)
    search.run(most(draft, NARROW, work=1.0, sweeps=1), everyone)
    make_room(draft, everyone, clock, reserve=0.3)
    search.run(most(draft, MIDDLE, work=2.0, sweeps=6), everyone)
    make_room(draft, everyone, clock, reserve=0.3)
    if ground.problem.parameters.fairness:
        draft.limit_price()
        search.run(about_fair(draft, NARROW, work=1.0), everyone)
        search.run(about_fair(draft, MIDDLE, work=2.0), everyone)
        search.run(fair(draft), everyone)
        make_room(draft, everyone, clock, reserve=0.05)
    search.run(near(), set())
    return draft


def urgent() -> Phase:
    def objective(packing: Packing):
        return packing.then_as_before(packing.urgent())

    def better(region: Region, packing: Packing, packed: Packed) -> bool:
        return packing.weight_of(packed.plan) > packing.weight_of(region.plan)

    return Phase("urgent", WIDE, objective, better, work=3.0, reserve=0.65)


def most(draft: Draft, grain: Grain, work: float, sweeps: int) -> Phase:
    def objective(packing: Packing):
        packing.hold_urgent(draft.urgent(packing.region.plan))
        return packing.then_as_before(packing.served())

    def better(region: Region, packing: Packing, packed: Packed) -> bool:
        return draft.serves_more(region.plan, packed.plan)

    return Phase("served", grain, objective, better, work, reserve=0.35, sweeps=sweeps)


def about_fair(draft: Draft, grain: Grain, work: float) -> Phase:
    def objective(packing: Packing):
        hold(draft, packing)
        return packing.then_as_before(packing.about_fairest(draft.fills))

    def better(region: Region, packing: Packing, packed: Packed) -> bool:
        return draft.better(region.plan, packed.plan)

    return Phase("equity", grain, objective, better, work, reserve=0.1, sweeps=1)


def fair(draft: Draft) -> Phase:
    def objective(packing: Packing):
        hold(draft, packing)
        return packing.then_as_before(packing.fairest(draft.fills))

    def better(region: Region, packing: Packing, packed: Packed) -> bool:
        return draft.better(region.plan, packed.plan)

    return Phase("equity", NARROW, objective, better, work=1.0, reserve=0.1)


def hold(draft: Draft, packing: Packing) -> None:
    """What fairness may not cost: nobody urgent, and of others one in a region at a time."""
    plan = packing.region.plan
    packing.hold_urgent(draft.urgent(plan))
    packing.hold_served(len(plan) - min(1, draft.spare))


def near() -> Phase:
    def objective(packing: Packing):
        packing.keep_everyone()
        return packing.total(packing.nearness())

    def better(region: Region, packing: Packing, packed: Packed) -> bool:
        weights = packing.nearness()
        return packing.worth(packed.plan, weights) > packing.worth(region.plan, weights)

    return Phase("travel", NARROW, objective, better, work=1.0, reserve=0.0, sweeps=2)
