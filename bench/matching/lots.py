"""Lots that somebody can spare in a generated city, and who needs packs."""

from dataclasses import dataclass

import numpy as np

from bench.matching.asked import asked
from bench.matching.places import COLD_CHAINS, LICENCES, Places
from scheduling.matching.problem import Lot, MedicineNeed

MOST_PACKS = 150
MIDDLE_LIFE_DAYS = 90
UNEVEN = 0.8  # of some items there is plenty, of others far too little
CLOSED = 0.25  # lots that are for the owner's consortia only


@dataclass(frozen=True)
class Item:
    name: str
    value: int
    cold_chain: str
    control: str


def _between(least: int, value: float, most: int) -> int:
    return max(least, min(most, int(value)))


def lots(around: Places, needs: int, demand: float, random: np.random.Generator) -> dict:
    items = _items(max(8, round(5 * needs**0.4)), random)
    rows = asked(around, needs, random)
    popular = random.zipf(1.6, len(items)).clip(1, 30).astype(float)
    of = random.choice(len(items), needs, p=popular / popular.sum())
    wanted = tuple(_need(place, items[of[place]], rows, around, random) for place in range(needs))
    packs = np.bincount(of, [need.packs for need in wanted], len(items))
    spare = packs * random.lognormal(0, UNEVEN, len(items))
    spare *= packs.sum() / demand / spare.sum()
    offered: list[Lot] = []
    for place, item in enumerate(items):
        offered += _offered(place, item, float(spare[place]), around, random)
    return {"lots": tuple(offered), "medicine_needs": wanted}


def _items(count: int, random) -> list[Item]:
    return [
        Item(
            name=f"m{place:04d}",
            value=_between(200, random.lognormal(8, 1.2), 2_000_000),
            cold_chain=str(random.choice(COLD_CHAINS)) if random.random() < 0.2 else "",
            control=str(random.choice(LICENCES)) if random.random() < 0.12 else "",
        )
        for place in range(count)
    ]


def _need(place: int, item: Item, rows, around: Places, random) -> MedicineNeed:
    far = random.random() < 0.3
    return MedicineNeed(
        id=f"mn{place:05d}",
        institution=around.institutions[rows.institution[place]].id,
        item=item.name,
        packs=_between(1, random.lognormal(2.7, 0.9), MOST_PACKS),
        by_day=int(random.integers(0, 14)),
        minimum_life_days=int(random.choice((0, 7, 14, 30, 60), p=(0.1, 0.2, 0.3, 0.25, 0.15))),
        urgency=rows.urgency[place],
        posted_at=int(rows.posted_at[place]),
        longest_travel_minutes=None if far else int(random.choice((30, 45, 60))),
    )


def _offered(place: int, item: Item, packs: float, around: Places, random) -> list[Lot]:
    """As many lots as hold that many packs in all."""
    offered: list[Lot] = []
    while packs >= 1:
        here = min(int(packs), _between(1, random.lognormal(3.4, 0.8), 400))
        packs -= here
        cold = int(random.choice((60, 120, 240))) if item.cold_chain else None
        owner = around.institutions[random.choice(len(around.institutions), p=around.supply)]
        closed = owner.consortia and random.random() < CLOSED
        offered.append(
            Lot(
                id=f"lot{place:04d}-{len(offered):04d}",
                institution=owner.id,
                item=item.name,
                packs=here,
                expiry_day=5 + int(random.exponential(MIDDLE_LIFE_DAYS)),
                value_per_pack=item.value,
                cold_chain=item.cold_chain,
                longest_cold_minutes=cold,
                control=item.control,
                recalled=bool(random.random() < 0.01),
                consortia=owner.consortia if closed else frozenset(),
            )
        )
    return offered
