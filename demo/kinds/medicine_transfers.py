"""Transfers between the first institutions in every state, made by the portal's own actions."""

from datetime import timedelta

from demo.world import Place, World
from medshare_portal.roles import Role
from resources.enums import OfferStatus
from resources.enums_medicine import StorageClass
from resources.models import MedicineLot, MedicineUse, Offer, Resource
from scheduling.actions.decisions import decline
from scheduling.actions.requests import cancel, withdraw
from scheduling.kinds.medicine.actions import asking, deciding, moving
from scheduling.states import Side

# What has become of a transfer: the steps after the request, in their order.
STORIES = (
    (),
    ("approve",),
    ("approve", "sign"),
    ("approve", "sign", "dispatch"),
    ("approve", "sign", "dispatch", "receive"),
    ("approve", "sign", "dispatch", "receive", "close"),
    ("decline",),
    ("withdraw",),
    ("approve", "cancel"),
)
SETTLED = ("approve", "sign", "dispatch", "receive", "close")
# Days ago, when each place's first lots went out: in months that are settled, and in the flood.
EARLIER = ((35, 10), (66,))
SHOWN_DAYS = range(60, 400)
PACKS = 2  # of each transfer


def make_transfers(world: World, lots: list[MedicineLot]) -> None:
    """One story per lot that is on offer, between the first hospital and others."""
    told = iter(STORIES * len(world.places))
    circle = world.places[:6]  # the first sends to the second, all others to the first
    earlier = [iter(EARLIER) for _place in circle]
    of_place = {place.institution.pk: turn for turn, place in enumerate(world.places)}
    enough, plenty = _lots_with_on_offer(PACKS), _lots_with_on_offer(3 * PACKS)
    for lot in lots:
        left = (lot.expiry_date - world.today).days
        if left not in SHOWN_DAYS or lot.needs_dual_sign_off or lot.pk not in enough:
            continue
        turn = of_place[lot.institution_id]
        if turn >= len(circle):
            continue
        borrower = circle[0 if turn else 1]
        for days in next(earlier[turn], ()) if lot.pk in plenty else ():
            _Story(world, world.places[turn], borrower, lot.pk, ago=days).tell_of_the_past()
        _Story(world, world.places[turn], borrower, lot.pk).tell(next(told))
    received = Resource.unscoped.filter(medicine_lot__received_from__isnull=False)
    for key in received.values_list("pk", flat=True):
        Resource.unscoped.filter(pk=key).update(public_id=f"received{key:014d}")  # not by chance


def _lots_with_on_offer(packs: int) -> set[int]:
    offers = Offer.unscoped.filter(
        resource__kind="medicine", status=OfferStatus.PUBLISHED, quantity__gte=packs
    )
    return set(offers.values_list("resource_id", flat=True))


class _Story:
    """A lot, its owner, its receiver."""

    def __init__(self, world: World, owner: Place, borrower: Place, lot: int, *, ago: int = 0):
        self.world, self.owner, self.borrower, self.ago = world, owner, borrower, ago
        self.resource = Resource.unscoped.select_related("institution").get(pk=lot)
        self.lot = MedicineLot.unscoped.get(pk=lot)
        self.sender = owner.people[Role.PHARMACIST][0]
        self.receiver = borrower.people[Role.PHARMACIST][0]
        self.director = borrower.people[Role.APPROVER][0]

    def at(self, hours: float):
        return self.world.moment - timedelta(days=self.ago, hours=hours)

    def tell(self, steps: tuple[str, ...]) -> None:
        self._let_it_help()
        request = asking.ask(
            resource=self.resource,
            borrower=self.borrower.institution,
            terms=asking.TransferTerms(
                quantity=PACKS,
                expected_on=self.world.today + timedelta(days=1 - self.ago),
                purpose="病区用量增加，库存只够三天。",
                delivery_site=self.borrower.sites[0],
            ),
            by=self.receiver,
            now=self.at(3),
        )
        for step in steps:
            getattr(self, f"_{step}")(request)

    def tell_of_the_past(self) -> None:
        """A transfer that is long closed; the recalls of the lot were checked again since."""
        self.tell(SETTLED)
        checked = {"recall_checked_at": self.lot.recall_checked_at}
        MedicineLot.unscoped.filter(pk=self.lot.pk).update(**checked)

    def _let_it_help(self) -> None:
        """The receiver uses the medicine faster than its own stock lasts."""
        institution = self.borrower.institution
        own = MedicineLot.unscoped.filter(
            institution=institution, item_key=self.lot.item_key, on_hand__gt=0
        )
        units = sum(lot.on_hand * lot.pack_size for lot in own)
        days = max((self.lot.expiry_date - self.world.today).days - 20, 1)
        rate = (units + 4 * self.lot.pack_size) / days + 1
        named = {
            name: getattr(self.lot, name)
            for name in ("generic_name_en", "generic_name_zh", "dose_form", "strength", "unit")
        }
        MedicineUse.unscoped.update_or_create(
            institution=institution,
            item_key=self.lot.item_key,
            defaults=named
            | {
                "units_per_day": round(rate, 1),
                "measured_until": self.world.today - timedelta(days=1),
            },
        )

    def _approve(self, request) -> None:
        deciding.approve(
            sharing_request=request,
            quantity=int(request.quantity),
            by=self.sender,
            now=self.at(2.5),
            accepted={"MED-07": "较早的批次已留给本院急诊使用。"},
        )

    def _sign(self, request) -> None:
        parts = set(request.sign_offs.values_list("part", flat=True))
        if "director" in parts:
            deciding.sign(
                sharing_request=request, part="director", by=self.director, now=self.at(2)
            )

    def _dispatch(self, request) -> None:
        package = moving.Package(
            seal_no=f"FQ{request.pk:06d}", courier="市医药配送车队", logger_no=f"WD{request.pk:05d}"
        )
        moving.dispatch(
            sharing_request=request,
            package=package,
            recalls_checked=True,
            by=self.sender,
            now=self.at(1.5),
        )

    def _receive(self, request) -> None:
        cold = self.lot.storage_class == StorageClass.REFRIGERATED
        measured = {
            "coldest": 3,
            "warmest": 6,
            "excursion_minutes": 0,
            "temperature_record": f"WD{request.pk:05d}.pdf",
        }
        arrival = moving.Arrival(
            accepted=1,
            rejected=1,
            lost=0,
            lot_no=self.lot.lot_no,
            expiry_date=self.lot.expiry_date,
            difference_reason="外包装破损",
            **(measured if cold else {}),
        )
        moving.receive(sharing_request=request, arrival=arrival, by=self.receiver, now=self.at(1))

    def _close(self, request) -> None:
        moving.close(sharing_request=request, by=self.sender, now=self.at(0.5))

    def _decline(self, request) -> None:
        decline(sharing_request=request, by=self.sender, now=self.at(2), reason_code="own_need")

    def _withdraw(self, request) -> None:
        withdraw(sharing_request=request, by=self.receiver, now=self.at(2))

    def _cancel(self, request) -> None:
        cancel(
            sharing_request=request,
            side=Side.BORROWER,
            by=self.receiver,
            now=self.at(2),
            reason_code="found_elsewhere",
        )
