"""Medicines, savings and the environment."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.kpis import Unit, amount, carbon, savings, wastage
from reports.kpis.savings import Avoided, Costs, Instead, Savings
from reports.queries.day_stock import month_ends
from reports.queries.figures import grouped
from reports.queries.kpis.ground import GIVEN, Ground, Made, worth
from reports.queries.scores import scores

EQUIPMENT, STAFF, MEDICINE = "equipment", "staff", "medicine"
MOVED = (EQUIPMENT, MEDICINE)  # goes from one place to the other and is brought
BY_THE_HOUR = (
    (EQUIPMENT, Instead.RENTAL, "rental_hour"),
    (STAFF, Instead.AGENCY, "agency_hour"),
)
LONGEST_MONTH = timedelta(days=31)


def figures(ground: Ground) -> Iterator[Made]:
    given = ground.given()
    made = scores(given, ground.received(), currency=ground.currency)
    yield from (Made(code, made[code]) for code in ("waste_avoided", "packs_rescued"))
    yield Made("waste_confirmed", amount(worth(given.value_used, ground.currency), Unit.MONEY))
    expired = worth(given.value_expired, ground.currency)
    yield Made("expiry_loss", wastage.expiry_loss(expired, stock_values(ground)))
    found = saved(ground)
    yield from _savings(found) if found.avoided else ()
    yield Made("carbon", _carbon(ground))


def stock_values(ground: Ground) -> list:
    """At the ends of the months of the period, and of the one before: what it began with."""
    first, last = ground.period.first - LONGEST_MONTH, ground.period.last
    days = month_ends(first, last)
    inside = [day for day in days if day >= ground.period.first]
    opening = [day for day in days if day < ground.period.first][-1:]
    counted = [
        day for day in (*opening, *inside) if ground.counted_from and day >= ground.counted_from
    ]
    found = dict(
        grouped(
            ground.rows, first, last, by=("day",), side=GIVEN, day=counted,
            only=("value_stock",), **({"kind": ground.kind} if ground.kind else {}),
        )
    )  # fmt: skip
    return [
        worth(found[day,].value_stock, ground.currency) if (day,) in found else 0 for day in counted
    ]


def saved(ground: Ground) -> Savings:
    """By what it received.  What packs cost their owner its receivers are not told, so that of
    one institution medicines are left out, with their fees."""
    assumed, received = ground.assumed, ground.received
    avoided = [
        Avoided(instead, _hours(received(kind)), assumed[price])
        for kind, instead, price in BY_THE_HOUR
        if ground.shows(kind) and kind not in ground.unseen
    ]
    paid = [received(kind) for kind in (EQUIPMENT, STAFF) if kind not in ground.unseen]
    if ground.of_city and ground.shows(MEDICINE):
        packs = worth(ground.given(MEDICINE).value_given, ground.currency)
        avoided.append(Avoided(Instead.PURCHASE, 1, packs))
        paid.append(received(MEDICINE))
    shares = sum(sums.filled for sums in paid)
    costs = Costs(
        transport=_kilometres(ground, *MOVED if ground.of_city else (EQUIPMENT,))
        * assumed["transport_km"],
        fees=sum(worth(sums.charged, ground.currency) for sums in paid),
        admin=shares * assumed["admin_request"],
    )
    return savings.net(avoided, costs)


def _hours(sums):
    """As decimals: prices are."""
    return _decimal(sums.hours.confirmed)


def _decimal(number) -> Decimal:
    return Decimal(str(number))


def _kilometres(ground: Ground, *kinds: str):
    return _decimal(ground.received(*kinds).metres) / 1000


def _savings(found: Savings) -> Iterator[Made]:
    words = {
        Instead.RENTAL: _("rental avoided"),
        Instead.AGENCY: _("agencies avoided"),
        Instead.PURCHASE: _("purchases avoided"),
    }
    yield Made("net_savings", found.measure)
    for instead, value in found.avoided.items():
        yield Made("net_savings", amount(value, Unit.MONEY), words[instead])
    costs = found.costs
    for value, part in (
        (costs.transport, _("transport, taken off")),
        (costs.fees, _("charges between institutions, taken off")),
        (costs.admin, _("administration, taken off")),
    ):
        yield Made("net_savings", amount(-value, Unit.MONEY), part)


def _carbon(ground: Ground):
    assumed = ground.assumed
    factors = carbon.Factors(
        pounds=float(assumed["pound"]),
        per_pound=float(assumed["carbon_pound"]),
        per_kilometre=float(assumed["carbon_km"]),
    )
    value = worth(ground.given().value_rescued, ground.currency)
    kilometres = float(ground.given(MEDICINE).metres) / 1000
    return carbon.avoided(value, kilometres, factors)
