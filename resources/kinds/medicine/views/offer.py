"""Offer packs of one lot, or change how many."""

import re

from django.contrib import messages
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.models import Consortium
from medshare_portal.roles import Permission
from resources.kinds.medicine.actions.offers import LotsRefused, offer_lots
from resources.kinds.medicine.forms.offer import LotOfferForm
from resources.kinds.medicine.queries.facts import findings_against_offering
from resources.kinds.medicine.usability import day_at
from resources.kinds.medicine.views.of_lot import LotAction
from resources.models import Offer


class LotOffer(LotAction):
    """How many packs, to whom; what the rules say stands above."""

    permission = Permission.PUBLISH_OFFER
    form_class = LotOfferForm
    title = gettext_lazy("Offer this lot")
    submit_label = gettext_lazy("Publish the offer")

    @cached_property
    def offer(self) -> Offer | None:
        published = Offer.objects.owned_by(self.institution).published()
        return published.filter(resource=self.lot.pk).first()

    @cached_property
    def consortia(self) -> list[Consortium]:
        today = day_at(self.now, self.lot.resource.site.time_zone)
        members = self.institution.consortium_memberships.on(today)
        rows = Consortium.objects.filter(memberships__in=members)
        return list(rows.distinct().order_by("slug"))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lot": self.lot, "consortia": self.consortia}

    def get_initial(self):
        """``?packs=`` is what another page suggests; what is not free is not taken over."""
        if self.offer is None:
            asked = self.request.GET.get("packs", "")
            packs = int(asked) if re.fullmatch(r"[0-9]{1,7}", asked) else 0
            return {"quantity": min(packs, self.lot.free) or self.lot.free or None}
        return {"quantity": self.offer.quantity, "visibility": self.offer.visibility}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        self.lot.recall_checked_at = self.now  # said with the form
        findings = findings_against_offering([self.lot], self.now)[self.lot.pk]
        return context | {
            "findings": [
                {
                    "severity": finding.severity,
                    "message": finding.text,
                    "what_to_do": finding.advice_text,
                    "code": finding.code,
                    "source": finding.source_text,
                }
                for finding in findings
            ]
        }

    def refused(self, form, refusal):
        if isinstance(refusal, LotsRefused):
            for message in refusal.by_lot[self.lot.pk]:
                form.add_error("quantity", message)
            return self.form_invalid(form, status=refusal.status)
        return super().refused(form, refusal)

    def perform(self, form) -> str:
        offer_lots(
            lines=[(self.lot, form.cleaned_data["quantity"])],
            audience=form.audience,
            recalls_checked=form.cleaned_data["recalls_checked"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Published. Others can find it now."))
        return self.address("resources:resource-detail")
