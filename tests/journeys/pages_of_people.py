"""Pages of staff that the table of addresses names for devices only, and a person's own."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from reports.models import SavedReport
from resources.models import CommittedShift, Credential, Resource
from scheduling.models import SavedFilter, SharingRequest

OWN = (
    "profile", "notification-preferences", "notifications", "password_change",
    "second-factor-set", "second-factor-off", "type-code",
)  # fmt: skip


class Kept:
    """What a person keeps: of whoever opens the pages that everybody may."""

    def _saved_filter(self, row):
        return SavedFilter.unscoped.filter(user__username=f"coordinator.{self.here.slug}").first()

    def _kept_report(self, row):
        return SavedReport.unscoped.filter(institution=self.here).first()


class Staff:
    """One of our people, one of others, a shift that is handed in, a paper."""

    def _person(self, row):
        if row.sides == "theirs":
            return _others(self.here).first()
        return Resource.unscoped.filter(institution=self.here, kind="staff").order_by("pk").first()

    def _person_and_sort(self, row):
        return {"pk": self._person(row).pk, "sort": "credential"}

    def _paper(self, row):
        paper = Credential.unscoped.filter(institution=self.here).order_by("pk").first()
        return {"pk": paper.pk, "sort": "credential"}

    def _shift(self, row):
        return CommittedShift.unscoped.filter(institution=self.here).order_by("-pk").first()


def of_manager(here):
    """Lists and forms of the kind, one of our people and one of others, a shift in every state."""
    at = [here.slug]
    people = Resource.unscoped.filter(kind="staff").order_by("pk")
    ours, theirs = (rows.first() for rows in (people.filter(institution=here), _others(here)))
    yield reverse("resources:resource-list", args=at) + "?kind=staff"
    yield reverse("resources:resource-create", args=[*at, "staff"])
    yield reverse("resources:resource-edit", args=[*at, ours.pk])
    for person in (ours, theirs):
        yield reverse("resources:resource-detail", args=[*at, person.pk])
    for side in ("owner", "borrower"):
        rows = SharingRequest.unscoped.filter(kind="staff", **{side: here})
        shown = {(row.state, row.suspended_reason): row for row in rows.order_by("pk")}
        for row in shown.values():
            yield reverse("scheduling:request-detail", args=[*at, row.pk])
    shift = tomorrow_night(here)
    yield f"{reverse('scheduling:staff-need', args=at)}?{shift}"
    yield f"{reverse('scheduling:staff-invite', args=[*at, theirs.pk])}?{shift}"


def _others(here):
    listed = Resource.unscoped.filter(kind="staff", visibility="all", status="listed")
    return listed.exclude(institution=here).order_by("pk")


def tomorrow_night(here):
    day = timezone.localdate() + timedelta(days=1)
    values = {
        "profession": "2221",
        "specialty": "28",
        "starts_at": f"{day}T20:00",
        "ends_at": f"{day + timedelta(days=1)}T08:00",
        "break_minutes": 60,
        "site": here.sites.get(is_main=True).pk,
        "competencies": "ventilation",
    }
    return urlencode(values)


def own(page):
    """The person's list, and what each of its links opens; a link that opens nothing."""
    page.goto(reverse("my-shifts"))
    links = page.locator("main a[href*='/shifts/']").all()
    yield reverse("my-shifts")
    yield reverse("profile")
    yield from [link.get_attribute("href") for link in links]
