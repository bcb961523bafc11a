"""Break the glass: for an emergency, with a reason and the password once more."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import policy
from medshare_portal.roles import Permission
from medshare_portal.sign_in import client_address
from medshare_portal.views.pages import ActionPage
from resources.queries.detail import visible_resource
from scheduling.kinds.information.actions import glass
from scheduling.kinds.information.forms.ending import BreakGlassForm
from scheduling.kinds.information.queries.facts import is_offered

KIND = "information"


class BreakGlass(ActionPage):
    permission = Permission.ASK
    form_class = BreakGlassForm
    template_name = "scheduling/information/break_glass.html"
    title = gettext_lazy("Break the glass")
    submit_label = gettext_lazy("Open it now; the owner is told")

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self):
        found = visible_resource(self.institution, self.kwargs["pk"])
        theirs = found is not None and found.institution_id != self.institution.pk
        if not theirs or found.kind != KIND or not is_offered(found):
            raise Http404
        return found

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        resource_url = reverse(
            "resources:resource-detail", args=[self.institution.slug, self.resource.pk]
        )
        limits = policy.current().information
        return super().get_context_data(
            resource=self.resource,
            crumbs=[{"label": self.resource.name, "url": resource_url}],
            cancel_url=resource_url,
            hours=limits.break_glass_hours,
            review_hours=limits.break_glass_review_hours,
            **kwargs,
        )

    def perform(self, form) -> str:
        values = form.cleaned_data
        made = glass.break_glass(
            resource=self.resource,
            borrower=self.institution,
            purpose_of_use=values["purpose_of_use"],
            recipient_role=values["recipient_role"],
            reason=values["reason"],
            by=self.request.user,
            address=client_address(self.request),
            now=self.now,
        )
        messages.success(self.request, _("Open for a few hours. The owner has been told."))
        return reverse("scheduling:request-detail", args=[self.institution.slug, made.pk])
