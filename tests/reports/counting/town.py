"""Two hospitals, their devices and people, and a clock that the test moves.

Every step is one of the portal's own actions; what an action refuses changes nothing and is no
failure of the walk.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from medshare_portal.refusals import Refusal
from reports.actions import counting, usage, verifying
from reports.facts import Correction, Measured
from reports.models import UsageFact
from resources.actions import blocks, offers, resources
from resources.intervals import Window
from resources.models import BusyBlock, Category
from scheduling.actions import changes, decisions, handovers, overdue, requests
from scheduling.costs import Unit
from scheduling.models import SharingRequest
from scheduling.states import Side, Stage, State
from tests import make
from tests.scheduling.actions.loan import record, terms

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 3, 1, tzinfo=UTC)


class Town:
    def __init__(self, zone: str = "Asia/Shanghai", now: datetime = START):
        self.now = now
        self.owner = make.institution("owner", with_site=False)
        self.borrower = make.institution("borrower", with_site=False)
        for institution in (self.owner, self.borrower):
            make.site(institution, is_main=True, time_zone=zone)
        self.devices = [self._device(units) for units in (1, 3)]
        self.asker = make.user(at=self.borrower, role="coordinator")
        self.approver = make.user(at=self.owner, role="approver")
        self.lender = make.user(at=self.owner, role="coordinator")
        self.engineer = make.user(at=self.owner, role="biomedical_engineer")

    def _device(self, units: int):
        device = make.equipment(
            self.owner, units=units, safety_test_due=None, last_safety_test=self.now.date()
        )
        make.offer(device, now=self.now, intervals=[(self.now - DAY, self.now + 60 * DAY)])
        return device

    # Steps

    def ask(self, device, *, after=HOUR, hours=30, units=1):
        asked = terms(
            self.now, starts_at=self.now + after, ends_at=self.now + after + hours * HOUR,
            units=units,
        )  # fmt: skip
        return self._try(
            requests.ask, resource=device, borrower=self.borrower, terms=asked, by=self.asker
        )

    def approve(self, request):
        return self._try(decisions.approve, sharing_request=request, by=self.approver)

    def decline(self, request):
        return self._try(
            decisions.decline, sharing_request=request, by=self.approver,
            reason_code="own_need", text="",
        )  # fmt: skip

    def withdraw(self, request):
        return self._try(requests.withdraw, sharing_request=request, by=self.asker)

    def cancel(self, request):
        return self._try(
            requests.cancel, sharing_request=request, by=self.asker, side=Side.BORROWER,
            reason_code="no_longer_needed", text="",
        )  # fmt: skip

    def hand_over(self, request):
        self._hand(request, Stage.HANDOVER, self.lender, self.owner)
        return self._receive(request, Stage.HANDOVER, self.asker, self.borrower)

    def bring_back(self, request):
        """The owner's people see it: the receiver's name is enough."""
        return self._hand(request, Stage.RETURN, self.asker, self.borrower, receiver_name="Wang")

    def close(self, request):
        return self._try(
            handovers.close, sharing_request=request, by=self.engineer,
            record=record(Stage.POST_CHECK),
        )  # fmt: skip

    def lend(self, device, **asked):
        """From asked to in use."""
        request = self.ask(device, **asked)
        self.approve(request)
        self.now += asked.get("after", HOUR)
        self.hand_over(request)
        return SharingRequest.unscoped.get(pk=request.pk)

    def end_early(self, request):
        return self._try(
            changes.shorten, sharing_request=request, by=self.asker, reason="",
            new_ends_at=request.ends_at - 5 * HOUR,
        )  # fmt: skip

    def take_back(self, request):
        return self._try(
            changes.recall, sharing_request=request, by=self.approver, reason="Our own need.",
            new_ends_at=request.ends_at - 2 * HOUR,
        )  # fmt: skip

    def keep(self, device, *, since, hours=6):
        return self._try(
            blocks.add, resource=device, reason="own_use", by=self.lender,
            starts_at=self.now + since, ends_at=self.now + since + hours * HOUR,
        )  # fmt: skip

    def give_back(self, device):
        block = BusyBlock.objects.owned_by(self.owner).filter(resource=device).first()
        return block and self._try(blocks.remove, block=block, by=self.lender)

    def offer_anew(self, device):
        """All hours but Sundays."""
        offer = device.offers.filter(status="published").first()
        return self._try(
            offers.revise, offer=offer, by=self.lender,
            windows=[Window(day, time(), time()) for day in range(6)],
            terms=offers.OfferTerms(starts_on=self.now.date(), notice_hours=0),
        )  # fmt: skip

    def rename(self, device, rng):
        """The device is called otherwise and is in another class; so is its owner's name."""
        device.refresh_from_db()
        other = Category.objects.order_by("pk")[rng.randrange(Category.objects.count())]
        self.owner.name_en = f"Owner {rng.randrange(1000)}"
        self.owner.save()
        values = {"name_en": f"Device {rng.randrange(1000)}", "category": other}
        return self._try(
            resources.revise, resource=device, version=device.version, values=values, detail={},
            accessories=[], by=self.lender,
        )  # fmt: skip

    def settle(self, rng):
        """A dispute about the hours of something closed is settled."""
        found = UsageFact.objects.in_city_view().current().filter(state=State.CLOSED)
        fact = rng.choice([*found.order_by("pk"), None])
        if fact is None:
            return None
        hours = Decimal(rng.randint(1, 9))
        measured = Measured(
            unit=Unit.HOUR, before=fact.charge_quantity, quantity=hours, price=Decimal(1),
            amount=int(hours) * 100,
        )  # fmt: skip
        return self._try(
            usage.correct, request_key=fact.request_key, measured=measured,
            correction=Correction.SETTLEMENT,
        )  # fmt: skip

    def lose_a_fact(self):
        """Something that ended is brought in from elsewhere, by no move."""
        since = self.now - 50 * HOUR
        make.sharing_request(
            self.devices[1], self.borrower, state=State.DECLINED, now=since, ended_at=since + HOUR
        )
        return usage.record_missing(now=self.now)

    def not_collected(self):
        return overdue.mark_not_collected(now=self.now)

    def _hand(self, request, stage, by, institution, **said):
        return self._try(
            handovers.give, sharing_request=request, stage=stage, record=record(stage, **said),
            by=by, institution=institution,
        )  # fmt: skip

    def _receive(self, request, stage, by, institution):
        return self._try(
            handovers.receive, sharing_request=request, stage=stage, by=by,
            institution=institution,
        )  # fmt: skip

    def _try(self, action, **values):
        try:
            with transaction.atomic():
                return action(now=self.now, **values)
        except Refusal:
            return None

    # Counting

    def count(self) -> int:
        return counting.count_days(now=self.now)

    def differences(self) -> list[str]:
        return [str(found) for found in verifying.differences()]

    def open(self):
        return list(SharingRequest.unscoped.exclude(state__in=State.ENDED).order_by("pk"))
