"""“Still right”: one offer, the ticked ones, or all that wait."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.roles import Permission, kinds_allowing
from medshare_portal.views.pages import ActionPage, local_path
from resources.actions import offers
from resources.forms.plain import NothingForm, OwnOffersForm
from resources.models import Offer
from resources.queries.offers import own_offers, to_confirm
from resources.views.offers import find


class OfferConfirm(ActionPage):
    """“Still right”: one offer."""

    permission = Permission.PUBLISH_OFFER
    form_class = NothingForm
    title = gettext_lazy("Confirm the offer")
    submit_label = gettext_lazy("Still right")

    @property
    def of_kind(self) -> str:
        return self.offer.resource.kind

    @cached_property
    def offer(self) -> Offer:
        rows = Offer.objects.owned_by(self.institution).published()
        return find(rows.select_related("resource"), pk=self.kwargs["pk"])

    def chosen(self, form) -> list[Offer]:
        return [self.offer]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.list_url, **kwargs)

    @property
    def list_url(self) -> str:
        return reverse("resources:offer-list", args=[self.institution.slug])

    def perform(self, form) -> str:
        number = offers.confirm(
            institution=self.institution,
            offers=self.chosen(form),
            by=self.request.user,
            now=self.now,
        )
        words = ngettext("%(number)s offer confirmed.", "%(number)s offers confirmed.", number)
        messages.success(self.request, words % {"number": number})
        return local_path(self.request.POST.get("next", ""), self.list_url)


class OfferConfirmMany(OfferConfirm):
    """“Still right” for the ticked offers, or for all that wait."""

    form_class = OwnOffersForm
    title = gettext_lazy("Confirm offers")
    of_kind = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"offers": own_offers(self.institution)}

    def chosen(self, form) -> list[Offer]:
        """Of the kinds that this person may publish; others stay as they are."""
        if form.cleaned_data["all"]:
            rows = to_confirm(self.institution, self.now)
        else:
            rows = form.cleaned_data["pk"]
        allowed = kinds_allowing(self.permission, self.request.roles)
        return list(rows.filter(resource__kind__in=allowed))
