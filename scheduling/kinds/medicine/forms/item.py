"""Packs of a lot as a line of a basket."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_date
from resources.kinds.medicine.usability import day_at
from scheduling.forms.basket import Item
from scheduling.kinds.medicine.forms.transfer import AskForm
from scheduling.kinds.medicine.queries.facts import context_of, lot_of
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.queries.open_request import finding_of, open_request


class OfPacks(Item):
    @cached_property
    def lot(self):
        return lot_of(self.resource)

    def make_form(self) -> AskForm:
        today = day_at(self.now, self.lot.resource.site.time_zone)
        return AskForm(self.data, institution=self.institution, today=today)

    def read(self):
        return self.form.terms

    def judge(self) -> Findings:
        context = context_of(
            self.lot,
            self.institution,
            quantity=self.terms.quantity,
            arrival=self.terms.expected_on,
            now=self.now,
        )
        asked = finding_of(open_request(self.resource, self.institution))
        return Findings(asked + findings_of(context))

    def words(self) -> str:
        day = describe_date(self.terms.expected_on)
        return _("%(n)s packs, expected on %(day)s") % {"n": self.terms.quantity, "day": day}
