"""Every page of the demo city: no accessibility fault, no script error, no breach of the policy.

In both languages, at a desk and without anything wider than a phone.
"""

from pathlib import Path

import pytest
from django.urls import reverse

from medshare_portal.models import Absence, Institution
from resources.models import BusyBlock, Offer, Resource
from scheduling.models import SharingRequest, SignOff, TimeChange
from tests.access.table import AT_INSTITUTION
from tests.journeys import (
    pages_of_baskets,
    pages_of_crises,
    pages_of_figures,
    pages_of_people,
    pages_of_rounds,
    pages_of_series,
    pages_of_settlement,
    pages_of_talk,
    pages_of_waiting,
)
from tests.journeys.looks import faults_of
from tests.journeys.people import sign_in

pytestmark = pytest.mark.browser

# Answers that are files, fragments or writes, not pages.
NO_PAGES = {
    "portal:audit-export", "resources:attachment-download", "resources:attachment-remove",
    "resources:offer-hours", "scheduling:handover-photo", "scheduling:information-file",
    "resources:medicine-import-template", "scheduling:request-file",
    "scheduling:request-series", "scheduling:need-import-template",
}  # fmt: skip
# A step that no series of the demo city waits for; its pages' tests open it.
NO_PAGES |= {"scheduling:staff-series-credentialing"}
# Which the owner's approver may, beyond the permission of the row.
DECIDERS = {"scheduling:request-cancel"}
QUERIES = {
    "scheduling:calendar": ("", "?view=day", "?view=month", "?view=table"),
    "scheduling:inbox": ("", "?tab=asked", "?tab=done", "?open={waiting}", "?verdict=warn"),
    "scheduling:find": ("", "?what=Ventilator&starts_at=2027-03-01T08:00&ends_at=2027-03-02T08:00"),
}
# Who opens the pages of a kind.
STEWARDS = {"information": "steward", "medicine": "pharmacist", "staff": "staffing"}
SIGNERS = {
    "scheduling:medicine-sign": "approver",
    "scheduling:request-note-correct": "approver",
    "scheduling:basket-shared": "pharmacist",
    "scheduling:basket-put-in": "pharmacist",
}


class Demo(
    pages_of_baskets.Baskets,
    pages_of_waiting.Waiting,
    pages_of_people.Kept,
    pages_of_people.Staff,
    pages_of_crises.InCrisis,
    pages_of_rounds.Rounds,
    pages_of_talk.Talk,
):
    """Picks objects of the demo city for the rows of the access table."""

    def __init__(self, slug):
        self.here = Institution.unscoped.get(slug=slug)

    def addresses(self, row):
        numbers = self._numbers(row)
        if numbers is None:
            return []
        address = reverse(row.name, kwargs={"institution": self.here.slug} | numbers)
        waiting = self._request("requested", "owner")
        return [
            address + query.format(waiting=waiting.pk) for query in QUERIES.get(row.name, ("",))
        ]

    def _numbers(self, row):
        if not row.thing:
            return {}
        if row.thing == "kind":
            return {"kind": "equipment"}
        if row.thing == "table":
            return {"what": "stock"}
        found = getattr(self, f"_{row.thing}")(row)
        return found if found is None or isinstance(found, dict) else {"pk": found.pk}

    def _absence(self, row):
        return Absence.unscoped.filter(institution=self.here).order_by("pk").first()

    def _resource(self, row):
        ours = Resource.unscoped.filter(institution=self.here, kind="equipment")
        if row.name in ("scheduling:request-create", "scheduling:series-create"):
            ours = self._theirs("equipment")
        return ours.filter(offers__status="published").order_by("pk").first()

    def _theirs(self, kind):
        listed = Resource.unscoped.filter(kind=kind, visibility="all", status="listed")
        return listed.exclude(institution=self.here)

    def _asset(self, row):
        if row.sides == "owner":
            return Resource.unscoped.filter(institution=self.here, kind="information").first()
        return self._theirs("information").order_by("pk").first()

    def _report(self, row):
        reports = self._theirs("information").filter(information__recognised_item__isnull=False)
        return reports.order_by("pk").first()

    def _access(self, row):
        side = "borrower" if row.sides == "borrower" else "owner"
        rows = SharingRequest.unscoped.filter(kind="information", **{side: self.here})
        return rows.filter(state=row.state).first() or rows.first()

    def _secret_access(self, row):
        """Of the most sensitive class: the second approval waits."""
        asked = SharingRequest.unscoped.filter(owner=self.here, sign_offs__part="second")
        return asked.filter(sign_offs__decision="waiting").first()

    def _glass(self, row):
        rows = SharingRequest.unscoped.filter(owner=self.here, access_grant__break_glass=True)
        return rows.first()

    def _look(self, row):
        """A person's own: the journey of information has it."""

    def _lot(self, row):
        return Resource.unscoped.filter(institution=self.here, kind="medicine").first()

    def _signature(self, row):
        """A consent that was asked of us."""
        asked = SignOff.unscoped.filter(
            sharing_request__kind="medicine", sharing_request__borrower=self.here, part="director"
        )
        found = asked.order_by("pk").first()
        return found and {"pk": found.sharing_request_id, "part": found.part}

    def _offered_lot(self, row):
        return self._theirs("medicine").filter(offers__status="published").order_by("pk").first()

    def _transfer(self, row):
        """In the state of the row where the demo has one here, else any of ours."""
        side = "borrower" if row.sides == "borrower" else "owner"
        rows = SharingRequest.unscoped.filter(kind="medicine", **{side: self.here})
        return rows.filter(state=row.state).order_by("pk").first() or rows.order_by("pk").first()

    def _statement(self, row):
        return pages_of_settlement.statement_in_review(self.here)

    def _line(self, row):
        return pages_of_settlement.line_we_pay(self.here)

    def _dispute(self, row):
        return pages_of_settlement.dispute_of(self.here, row.sides)

    _series, _date = pages_of_series.series, pages_of_series.date

    def _engagement(self, row):
        """In the state of the row where the demo has one here, else any of ours."""
        side = "borrower" if row.sides == "borrower" else "owner"
        rows = SharingRequest.unscoped.filter(kind="staff", **{side: self.here})
        return rows.filter(state=row.state).order_by("-pk").first() or rows.order_by("-pk").first()

    def _offer(self, row):
        rows = Offer.unscoped.filter(institution=self.here, status="published")
        return rows.filter(resource__kind="equipment").first()

    def _block(self, row):
        return BusyBlock.unscoped.filter(institution=self.here).first()

    def _request(self, row, side=None):
        state = row if isinstance(row, str) else row.state
        sides = {"borrower": "borrower"}
        column = side or sides.get(row.sides, "owner")
        rows = SharingRequest.unscoped.filter(state=state, kind="equipment", **{column: self.here})
        return rows.order_by("-pk").first()

    def _change(self, row):
        change = TimeChange.unscoped.filter(sharing_request__owner=self.here).first()
        return change and change.sharing_request


HOSPITALS = ("renhe", "dongbei")  # the second where the first has nothing to show
HOLDERS = {"read-audit": "approver", "decide": "approver", "post-check": "engineer"}


def people_and_pages():
    """Username → addresses; each page is opened by somebody who may."""
    demos, found = [Demo(slug) for slug in HOSPITALS], {}
    for row in AT_INSTITUTION:
        if row.get == 200 and row.name not in NO_PAGES:
            shown = ((demo.here.slug, demo.addresses(row)) for demo in demos)
            slug, addresses = next((pair for pair in shown if pair[1]), ("renhe", []))
            found.setdefault(f"{_role(row)}.{slug}", []).extend(addresses)
    demo = demos[0]
    found["coordinator.renhe"] += [reverse(name) for name in pages_of_people.OWN]
    found["staffing.renhe"] += pages_of_people.of_manager(demo.here)
    found["coordinator.both"] = [reverse("start")]
    found["official.city"] = [
        *pages_of_crises.of_city(),
        *pages_of_figures.of_city(),
        *pages_of_rounds.of_city(),
        *pages_of_settlement.of_city(demo.here),
        *pages_of_talk.of_city(),
    ]
    found["admin"] = ["/admin/", "/admin/medshare_portal/institution/"]
    return found


def _role(row):
    deciding = "approver" if row.name in DECIDERS else HOLDERS.get(row.permission, "coordinator")
    return SIGNERS.get(row.name) or STEWARDS.get(row.kind, deciding)


PUBLIC = ("login", "password_reset", "password_reset_done", "password_reset_complete")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_accessible_and_keeps_the_policy(portal, open_page, language):
    portal.manage("seed_demo", "--scale", "small", "--seed", "1")
    secret = (Path(portal.environment["MEDSHARE_VAR"]) / "demo-password").read_text().strip()
    public = open_page(language=language)
    faults = faults_of(public, language, map(reverse, PUBLIC))
    for username, addresses in people_and_pages().items():
        page = sign_in(open_page(language=language), username, secret)
        _switch_language(page, language)
        faults += faults_of(page, language, addresses)
        page.context.close()
    nurse = sign_in(open_page(language=language), "nurse.renhe", secret)
    _switch_language(nurse, language)
    own = list(pages_of_people.own(nurse))
    assert len(own) > 3
    faults += faults_of(nurse, language, own)
    assert not faults, "\n".join(faults)


def _switch_language(page, language):
    """What a person did by the switch stays with the person, at whichever browser."""
    button = page.locator(f"button[name=language][value={language}]").first
    if button.count():
        with page.expect_navigation():
            button.click()
