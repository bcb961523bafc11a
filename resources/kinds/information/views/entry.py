"""The owner's pages: upload the content, set the conditions and offer it."""

from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.files import check_document
from medshare_portal.roles import Permission
from resources.actions.offers import findings_for_offer
from resources.enums_information import (
    Deidentification,
    Identifiability,
    LegalBasis,
    OnwardSharing,
    Purpose,
    RecipientRole,
)
from resources.kinds.information.actions import conditions, contents
from resources.kinds.information.forms.conditions import COLUMNS, LISTS, ConditionsForm
from resources.kinds.information.forms.content import ContentForm
from resources.kinds.information.queries.conditions import of_resource
from resources.kinds.information.views.words import in_words
from resources.models import Offer
from resources.views.entry import AboutOwnResource

KIND = "information"
FIRST = {
    "purposes": [Purpose.TREATMENT, Purpose.QUALITY],
    "recipient_roles": [RecipientRole.PHYSICIAN],
    "legal_bases": [LegalBasis.NONE_NEEDED],
    "max_days": 30,
    "max_looks": 20,
    "retention_days": 30,
    "onward_sharing": OnwardSharing.NEVER,
    "contract_needed": False,
}
GIVEN_AS = {
    Identifiability.IMPERSONAL: Deidentification.AS_IT_IS,
    Identifiability.IDENTIFIED: Deidentification.AS_IT_IS,
    Identifiability.AGGREGATE: Deidentification.COUNTS,
    Identifiability.ANONYMISED: Deidentification.ANONYMOUS,
    Identifiability.PSEUDONYMISED: Deidentification.PSEUDONYMS,
}


class AboutOwnInformation(AboutOwnResource):
    """Base of the owner's forms about one of its assets."""

    @cached_property
    def resource(self):
        resource = super().resource
        if resource.kind != KIND:
            raise Http404
        return resource

    @property
    def asset(self):
        return self.resource.information


class ContentPut(AboutOwnInformation):
    """A new version of the content; a file called de-identified is looked through first."""

    form_class = ContentForm
    title = gettext_lazy("Upload the content")
    submit_label = gettext_lazy("Check and store")

    def get_form_kwargs(self):
        counted = self.asset.identifiability in Identifiability.COUNTED
        return super().get_form_kwargs() | {"counted": counted}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(intro=self._intro(), **kwargs)
        return context | {"findings": in_words(getattr(context["form"], "findings", ()))}

    def _intro(self) -> str:
        if self.asset.identifiability in Identifiability.SCANNED:
            return _(
                "It is called “%(what)s”: every cell is checked for direct identifiers first."
            ) % {"what": self.asset.get_identifiability_display()}
        if self.asset.identifiability in Identifiability.COUNTED:
            return _("Counts of people below the limit are refused, or suppressed if you say so.")
        return _("It leaves the portal through an open grant only, and each look is logged.")

    def perform(self, form) -> str:
        contents.put(
            resource=self.resource,
            title=form.cleaned_data["title"],
            file=check_document(form.cleaned_data["file"]),
            suppress=form.cleaned_data.get("suppress", False),
            by=self.request.user,
            now=self.now,
        )
        return self.done(_("Checked and stored."))


class ConditionsSet(AboutOwnInformation):
    """The conditions and who sees it: one form offers it or changes the offer."""

    permission = Permission.PUBLISH_OFFER
    form_class = ConditionsForm
    template_name = "resources/information/conditions_form.html"
    title = gettext_lazy("Conditions and offer")
    submit_label = gettext_lazy("Publish under these conditions")

    @cached_property
    def offer(self) -> Offer | None:
        rows = Offer.objects.owned_by(self.institution).published()
        return rows.filter(resource=self.resource).first()

    def get_form_kwargs(self):
        zone = ZoneInfo(self.resource.site.time_zone)
        return super().get_form_kwargs() | {
            "institution": self.institution,
            "today": self.now.astimezone(zone).date(),
            "identifiability": self.asset.identifiability,
        }

    def get_initial(self):
        present = of_resource(self.resource, self.institution)
        known = present and {name: getattr(present, name) for name in (*LISTS, *COLUMNS)}
        return (known or self._first()) | self._audience()

    def _first(self) -> dict:
        """A start that fits what the asset is."""
        personal = self.asset.identifiability in Identifiability.PERSONAL
        bases = [LegalBasis.CONSENT, LegalBasis.TREATMENT] if personal else FIRST["legal_bases"]
        return FIRST | {
            "legal_bases": bases,
            "contract_needed": personal,
            "deidentification": GIVEN_AS[self.asset.identifiability],
        }

    def _audience(self) -> dict:
        if self.offer is None:
            return {"visibility": "all"}
        return {
            "visibility": self.offer.visibility,
            "consortia": self.offer.consortia.all(),
            "named_institutions": self.offer.named_institutions.all(),
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        said = getattr(context["form"], "findings", None)
        return context | {"findings": in_words(said or findings_for_offer(self.resource))}

    def perform(self, form) -> str:
        conditions.publish(
            resource=self.resource,
            conditions=form.conditions,
            audience=form.audience,
            by=self.request.user,
            now=self.now,
        )
        return self.done(_("Published. Others can ask for it under these conditions."))
