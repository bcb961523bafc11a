"""Access to information as a line of a basket."""

from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_date
from resources.enums_information import Purpose
from scheduling.forms.basket import Item
from scheduling.kinds.information.actions.asking import thought_of
from scheduling.kinds.information.forms.access import AskForm, form_values
from scheduling.kinds.information.queries.facts import is_offered, terms_in_force
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.queries.open_request import finding_of, open_request


class OfLooks(Item):
    @cached_property
    def conditions(self):
        if not is_offered(self.resource):
            return None
        return terms_in_force(self.resource, self.institution)

    def make_form(self) -> AskForm | None:
        if self.conditions is None:
            return None
        zone = ZoneInfo(self.resource.site.time_zone)
        return AskForm(self.data, **form_values(self.resource, self.conditions, zone))

    def read(self):
        return self.form.asked

    def judge(self) -> Findings:
        wish = thought_of(
            self.resource, self.institution, self.conditions, self.terms, by=self.by, now=self.now
        )
        asked = finding_of(open_request(self.resource, self.institution, by=self.by))
        return Findings(asked + findings_for_wish(wish))

    def words(self) -> str:
        return _("%(purpose)s, %(n)s looks until %(day)s") % {
            "purpose": Purpose(self.terms.purpose_of_use).label,
            "n": self.terms.looks,
            "day": describe_date(self.form.cleaned_data["until"]),
        }
