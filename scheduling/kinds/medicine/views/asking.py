"""Ask for packs of an offered lot: what the rules say stands there before anything is sent."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.findings import Findings
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.kinds.medicine.usability import day_at
from resources.kinds.medicine.words import one_place, presentation
from resources.queries.detail import visible_resource
from scheduling.kinds.medicine.actions.asking import KIND, ask
from scheduling.kinds.medicine.forms.transfer import AskForm
from scheduling.kinds.medicine.queries.facts import context_of, lot_of
from scheduling.kinds.medicine.rules.transfers import (
    earliest_arrival,
    findings_of,
    for_quantity,
    most_that_helps,
)
from scheduling.kinds.medicine.views.instead import other_lots
from scheduling.kinds.medicine.views.reasons import ReasonBesideItsField
from scheduling.queries.open_request import finding_of, open_request
from scheduling.states import Priority
from scheduling.verdicts import finding_rows
from scheduling.views.basket_adding import AddsToBasket

LONGEST_NUMBER = 7  # digits


class Ask(ReasonBesideItsField, AddsToBasket, ActionPage):
    """One page: the number that helps is filled in."""

    permission = Permission.ASK
    form_class = AskForm
    template_name = "scheduling/medicine/ask.html"
    title = gettext_lazy("Ask for this lot")
    submit_label = gettext_lazy("Send the request")

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self):
        found = visible_resource(self.institution, self.kwargs["pk"])
        if found is None or found.kind != KIND:
            raise Http404
        return found

    @cached_property
    def lot(self):
        return lot_of(self.resource)

    @cached_property
    def today(self):
        return day_at(self.now, self.lot.resource.site.time_zone)

    @cached_property
    def wish(self):
        """One pack for us, as early as it can come: what the other numbers follow from."""
        return context_of(
            self.lot,
            self.institution,
            quantity=1,
            arrival=earliest_arrival(self.today),
            now=self.now,
        )

    @cached_property
    def suggested(self) -> int:
        return most_that_helps(self.wish) or self.wish.available or 1

    @property
    def _asked(self) -> int:
        """The number in the address, if it is one."""
        text = self.request.GET.get("quantity", "")
        return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"institution": self.institution, "today": self.today}

    @property
    def delivery_sites(self):
        return self.institution.sites.filter(active=True).order_by("-is_main", "pk")

    def get_initial(self):
        return {
            "quantity": self._asked or self.suggested,
            "expected_on": self.wish.arrival,
            "delivery_site": self.delivery_sites.first(),
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = getattr(context["form"], "findings", None)
        if found is None:
            asked = finding_of(open_request(self.resource, self.institution))
            found = Findings(asked + findings_of(for_quantity(self.wish, self.suggested)))
        resource_url = reverse(
            "resources:resource-detail", args=[self.institution.slug, self.resource.pk]
        )
        rate = self.wish.receiver_rate
        return context | {
            "resource": self.resource,
            "lot": self.lot,
            "presentation": presentation(self.lot),
            "findings": finding_rows(found),
            "available": self.wish.available or 0,
            "rate": one_place(rate / self.lot.pack_size) if rate else "",
            "helps": most_that_helps(self.wish),
            "instead": self._instead(context["form"]) if found.blocks else None,
            "crumbs": [{"label": self.resource.name, "url": resource_url}],
            "cancel_url": resource_url,
        }

    def _instead(self, form) -> dict:
        """For what was typed, as far as it can be read."""
        typed = self.get_initial() | {"priority": Priority.ROUTINE}
        return other_lots(self, typed | getattr(form, "cleaned_data", {}))

    def send(self, form) -> str:
        made = ask(
            resource=self.resource,
            borrower=self.institution,
            terms=form.terms,
            by=self.request.user,
            now=self.now,
        )
        self.counts(made)
        messages.success(self.request, _("%(reference)s is sent.") % {"reference": made.reference})
        return reverse("scheduling:request-detail", args=[self.institution.slug, made.pk])
