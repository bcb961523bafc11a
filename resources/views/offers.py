"""Offers: the list, the one page to make or change one, and how to withdraw one."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.actions import offers
from resources.enums import OfferStatus, ResourceStatus
from resources.forms.offers import OfferForm
from resources.forms.plain import NothingForm
from resources.forms.windows import exception_lines, initial_of, windows_from
from resources.kinds import kinds
from resources.models import Offer, Resource
from resources.queries.offers import all_terms_of, freshness, own_offers, proposal, to_confirm
from resources.tables import asked_price


def find(queryset, **lookup):
    """The one row of a scoped queryset, or 404 (also for a number too large for the database)."""
    try:
        return queryset.get(**lookup)
    except (queryset.model.DoesNotExist, OverflowError) as error:
        raise Http404 from error


class OfferList(Page):
    """Our offers, those to confirm first; ticking confirms many at once."""

    permission = Permission.VIEW
    template_name = "resources/offers/list.html"

    def get_context_data(self, **kwargs):
        page = Paginator(own_offers(self.institution), 50).get_page(self.request.GET.get("page"))
        rows = [
            {
                "offer": offer,
                "freshness": freshness(offer, self.now),
                "timed": kinds[offer.resource.kind].timed,
                "price": asked_price(offer),
            }
            for offer in page
        ]
        return super().get_context_data(
            page=page,
            rows=rows,
            waiting=to_confirm(self.institution, self.now).count(),
            may_publish=self.may(Permission.PUBLISH_OFFER),
            **kwargs,
        )


class OfferPage(ActionPage):
    """What making and changing an offer share."""

    permission = Permission.PUBLISH_OFFER
    form_class = OfferForm
    template_name = "resources/offers/form.html"

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    def dispatch(self, request, *args, **kwargs):
        """A kind may have a page of its own for this."""
        own_page = kinds[self.resource.kind].offer_page
        if own_page != "resources:offer-create":
            return redirect(own_page, self.institution.slug, self.resource.pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def resource(self):
        rows = Resource.objects.owned_by(self.institution)
        return find(rows.select_related("institution", "site", "category"), pk=self.resource_pk)

    @cached_property
    def suggested(self):
        """Windows in the address: another page foresees that they stay idle."""
        return windows_from(self.request.GET.getlist("window"))

    @property
    def today(self):
        return self.now.astimezone(ZoneInfo(self.resource.site.time_zone)).date()

    def get_form_kwargs(self):
        fees = kinds[self.resource.kind].fees
        own = {"institution": self.institution, "today": self.today, "fees": fees}
        return super().get_form_kwargs() | own

    def get_context_data(self, **kwargs):
        context = super().get_context_data(resource=self.resource, **kwargs)
        form = context["form"]
        rules = getattr(form, "findings", None) or offers.findings_for_offer(self.resource)
        return context | {
            "hours": form.hours_a_week(),
            "findings": [
                {
                    "severity": f.severity,
                    "message": f.text,
                    "what_to_do": f.advice_text,
                    "code": f.code,
                    "source": f.source_text,
                }
                for f in rules
            ],
            "preview_url": reverse(
                "resources:offer-hours", args=[self.institution.slug, self.resource.pk]
            ),
            "back_url": self.resource_url,
            "ahead_url": self._ahead_url(),
            "suggested": bool(self.suggested),
        }

    def _ahead_url(self) -> str:
        """What we will need ourselves of such things, where that is foreseen."""
        name = kinds[self.resource.kind].ahead_page
        if not name:
            return ""
        address = reverse(name, args=[self.institution.slug])
        if self.resource.status != ResourceStatus.LISTED:
            return address
        return f"{address}?{urlencode({'category': self.resource.category_id})}"

    @property
    def resource_url(self) -> str:
        return reverse("resources:resource-detail", args=[self.institution.slug, self.resource.pk])


class OfferCreate(OfferPage):
    """A new offer, filled in from the resource's own low use and our last terms."""

    submit_label = gettext_lazy("Publish the offer")

    @property
    def resource_pk(self):
        return self.kwargs["pk"]

    def get(self, request, *args, **kwargs):
        current = Offer.objects.owned_by(self.institution).published()
        found = current.filter(resource=self.resource).first()
        if found is None:
            return super().get(request, *args, **kwargs)
        return HttpResponseRedirect(
            reverse("resources:offer-edit", args=[self.institution.slug, found.pk])
        )

    @property
    def title(self):
        return kinds[self.resource.kind].offer_words

    @cached_property
    def proposed(self):
        return proposal(self.resource, now=self.now)

    def get_initial(self):
        terms, windows, _from_history = self.proposed
        return {"starts_on": self.today} | terms | initial_of(self.suggested or windows)

    def get_context_data(self, **kwargs):
        return super().get_context_data(from_history=self.proposed[2], is_new=True, **kwargs)

    def perform(self, form) -> str:
        offers.publish(
            resource=self.resource,
            terms=form.terms,
            windows=form.windows,
            exceptions=form.exception_days,
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Published. Others can find it now."))
        return self.resource_url


class OfferEdit(OfferPage):
    """Other terms from now on; what is booked keeps the old ones."""

    title = gettext_lazy("Change the offer")
    submit_label = gettext_lazy("Publish the changed offer")

    @cached_property
    def offer(self):
        """The offer that the page was opened for; it may have been replaced since."""
        rows = Offer.objects.owned_by(self.institution)
        return find(rows.select_related("resource"), pk=self.kwargs["pk"])

    @cached_property
    def newer(self):
        """The offer in force instead, where another one is."""
        current = Offer.objects.owned_by(self.institution).published()
        found = current.filter(resource=self.offer.resource_id).first()
        return None if found == self.offer else found

    def get(self, request, *args, **kwargs):
        if self.newer is not None:
            return HttpResponseRedirect(self._page_of(self.newer))
        if self.offer.status != OfferStatus.PUBLISHED:
            raise Http404
        return super().get(request, *args, **kwargs)

    def _page_of(self, offer) -> str:
        return reverse("resources:offer-edit", args=[self.institution.slug, offer.pk])

    @property
    def resource_pk(self):
        return self.offer.resource_id

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"earliest": self.offer.starts_on}

    def get_initial(self):
        lines = exception_lines(self.offer.exceptions.all())
        return (
            all_terms_of(self.offer)
            | initial_of([*self.offer.windows.all(), *self.suggested])
            | {"exceptions": lines}
        )

    def get_context_data(self, **kwargs):
        newer_url = self._page_of(self.newer) if self.newer else ""
        return super().get_context_data(offer=self.offer, newer_url=newer_url, **kwargs)

    def perform(self, form) -> str:
        offers.revise(
            offer=self.offer,
            terms=form.terms,
            windows=form.windows,
            exceptions=form.exception_days,
            by=self.request.user,
            now=self.now,
        )
        messages.success(
            self.request, _("The changed offer is published. Bookings stay as they are.")
        )
        return self.resource_url


class OfferHours(Page):
    """The fragment “hours a week” for the windows typed so far; reads nothing, writes nothing."""

    permission = Permission.PUBLISH_OFFER
    template_name = "resources/offers/_hours.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate(self.now)
        form = OfferForm(self.request.GET, institution=self.institution, today=today)
        return super().get_context_data(hours=form.hours_a_week(), **kwargs)


class OfferWithdraw(ActionPage):
    """Take an offer back, after a question."""

    permission = Permission.PUBLISH_OFFER
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Withdraw the offer")
    submit_label = gettext_lazy("Withdraw the offer")

    @property
    def of_kind(self) -> str:
        return self.offer.resource.kind

    @cached_property
    def offer(self):
        rows = Offer.objects.owned_by(self.institution).published()
        return find(rows.select_related("resource__institution"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        resource = self.offer.resource
        question = _("Withdraw the offer of %(name)s (%(code)s)?")
        return super().get_context_data(
            question=question % {"name": resource.name, "code": resource.code},
            consequences=[
                _("Others no longer find it; nobody can ask for it any more."),
                _("Bookings that were approved stay as they are."),
                _("It is paused until you offer it again."),
            ],
            danger=True,
            cancel_url=reverse("resources:offer-list", args=[self.institution.slug]),
            **kwargs,
        )

    def perform(self, form) -> str:
        offers.withdraw(offer=self.offer, by=self.request.user, now=self.now)
        messages.success(self.request, _("The offer is withdrawn."))
        return reverse("resources:offer-list", args=[self.institution.slug])
