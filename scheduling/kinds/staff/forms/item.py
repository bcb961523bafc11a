"""A shift as a line of a basket."""

from zoneinfo import ZoneInfo

from django.utils.functional import cached_property

from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_period
from scheduling.forms.basket import Item
from scheduling.kinds.staff.forms.need import InviteForm
from scheduling.queries.home_zone import active_sites
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.rules import findings_for_request


class OfShifts(Item):
    @cached_property
    def sites(self):
        return active_sites(self.institution)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clock of the site at which the shift is."""
        chosen = self.data.get("site")
        site = next((one for one in self.sites if str(one.pk) == chosen), None)
        site = site or (self.sites[0] if self.sites else None)
        return ZoneInfo(site.time_zone if site else "UTC")

    def make_form(self) -> InviteForm:
        """The form has a field for the reason of each warning, so it is judged first."""
        values = {"sites": self.sites, "zone": self.zone, "now": self.now}
        plain = InviteForm(self.data, **values)
        if not plain.is_valid():
            return plain
        return InviteForm(self.data, warnings=self._judged(plain).passable, **values)

    def _judged(self, form: InviteForm) -> Findings:
        wish = Wish(
            resource=self.resource,
            borrower=self.institution,
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
            priority=form.cleaned_data["priority"],
            asked=form.asked(),
        )
        (wish,) = with_asked_before([wish])
        return findings_for_request(context_of(wish, now=self.now))

    def read(self):
        return self.form.invitation

    def judge(self) -> Findings:
        return self._judged(self.form)

    def words(self) -> str:
        return describe_period(self.terms.starts_at, self.terms.ends_at, tz=self.zone)
