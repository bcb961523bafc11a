"""The borrower's pages: ask, change a returned request and send it again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import policy
from medshare_portal.refusals import StaleVersion
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.enums_information import Purpose
from resources.kinds.information.queries.conditions import agreement, five_lines
from resources.kinds.information.views.words import in_words
from resources.queries.detail import visible_resource
from scheduling.kinds.information.actions import asking
from scheduling.kinds.information.forms.access import AskForm, form_values, last_day_of
from scheduling.kinds.information.queries.facts import has_agreed, is_offered, terms_in_force
from scheduling.kinds.information.queries.snapshot import COMPARED
from scheduling.models import AccessGrant
from scheduling.queries.open_request import finding_of, open_request
from scheduling.states import Side, State
from scheduling.views.basket_adding import AddsToBasket
from scheduling.views.request_page import RequestAction

KIND = "information"
FIRST_LOOKS = 5


class AsksForAccess:
    """What asking and asking again share: the conditions, and the form that they allow."""

    form_class = AskForm
    template_name = "scheduling/information/ask.html"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.resource.site.time_zone)

    @cached_property
    def terms(self):
        found = terms_in_force(self.resource, self.institution)
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self):
        return super().get_form_kwargs() | form_values(self.resource, self.terms, self.zone)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            resource=self.resource,
            lines=five_lines(self.terms),
            agreement=agreement(self.terms),
            agreed_before=has_agreed(self.terms, self.request.user),
            **kwargs,
        )
        found = getattr(context["form"], "findings", None)
        if found is None:
            found = self.asked_before()
        return context | {"findings": in_words(found)}

    def asked_before(self):
        """What is said before anything is sent."""
        return ()

    def longest(self, purpose: str):
        """The last day that can be asked for."""
        limits = policy.current().information
        research = purpose == Purpose.RESEARCH
        most = limits.max_research_days if research else limits.max_grant_days
        days = min(most, self.terms.max_days)
        return (self.now + timedelta(days=days)).astimezone(self.zone).date() - timedelta(days=1)


class Ask(AsksForAccess, AddsToBasket, ActionPage):
    """Conditions in five lines, purpose and period, agree, send."""

    def asked_before(self):
        return finding_of(open_request(self.resource, self.institution, by=self.request.user))

    permission = Permission.ASK
    title = gettext_lazy("Ask for access")
    submit_label = gettext_lazy("Send the request")

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self):
        found = visible_resource(self.institution, self.kwargs["pk"])
        if found is None or found.kind != KIND or not is_offered(found):
            raise Http404
        return found

    def get_initial(self):
        purpose = next((p for p in Purpose.GRANTABLE if p in self.terms.purposes), "")
        return {
            "purpose_of_use": purpose,
            "until": self.longest(purpose),
            "looks": min(FIRST_LOOKS, self.terms.max_looks),
            "agreed": has_agreed(self.terms, self.request.user),
        }

    def get_context_data(self, **kwargs):
        resource_url = reverse(
            "resources:resource-detail", args=[self.institution.slug, self.resource.pk]
        )
        crumbs = [{"label": self.resource.name, "url": resource_url}]
        return super().get_context_data(crumbs=crumbs, cancel_url=resource_url, **kwargs)

    def send(self, form) -> str:
        made = asking.ask(
            resource=self.resource,
            borrower=self.institution,
            asked=form.asked,
            by=self.request.user,
            now=self.now,
        )
        self.counts(made)
        messages.success(self.request, _("Sent. The owner has been told."))
        return reverse("scheduling:request-detail", args=[self.institution.slug, made.pk])


class AskAgain(AsksForAccess, RequestAction):
    """What the owner returned, changed and sent again."""

    permission = Permission.ASK
    side = Side.BORROWER
    title = gettext_lazy("Change and send again")
    submit_label = gettext_lazy("Send again")

    @cached_property
    def sharing_request(self):
        found = super().sharing_request
        if found.kind != KIND:
            raise Http404
        return found

    @property
    def resource(self):
        return self.sharing_request.resource

    @cached_property
    def grant(self) -> AccessGrant:
        return AccessGrant.objects.of(self.sharing_request).get()

    def get_initial(self):
        grant, request = self.grant, self.sharing_request
        return {name: getattr(grant, name) for name in COMPARED} | {
            "scope_text": "\n".join(grant.scope),
            "until": last_day_of(grant.asked_until, self.zone),
            "looks": int(request.quantity),
            "priority": request.priority,
            "reason": request.purpose,
            "agreed": has_agreed(self.terms, self.request.user),
            "version": request.version,
        }

    def get_context_data(self, **kwargs):
        returned = self.sharing_request.state == State.COUNTERED
        why = self.sharing_request.decision_text if returned else ""
        return super().get_context_data(returned_because=why, **kwargs)

    def perform(self, form) -> str:
        version = form.cleaned_data["version"]
        if version is None:
            raise StaleVersion
        asking.resubmit(
            sharing_request=self.sharing_request,
            asked=form.asked,
            by=self.request.user,
            now=self.now,
            version=version,
        )
        return self.succeeded(_("Sent again; the owner sees what you changed."))
