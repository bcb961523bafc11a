"""Baskets: those that were sent, and one of them item by item."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from scheduling.actions import basket_outcome
from scheduling.basket_states import BasketState
from scheduling.models import Basket, BasketLine, SharingRequest
from scheduling.queries.home_zone import home_zone
from scheduling.states import Side, State
from scheduling.views.basket_rows import drafts_of_colleagues

ROWS = 30


class Baskets(Page):
    """What we sent together, the latest first; my draft, and those that colleagues share."""

    permission = Permission.VIEW
    template_name = "scheduling/baskets/list.html"

    def get_context_data(self, **kwargs):
        rows = Basket.objects.borrowed_by(self.institution).select_related("created_by")
        page = Paginator(rows.order_by("-sent_at", "-pk"), ROWS)
        may_ask = self.may(Permission.ASK)
        return super().get_context_data(
            page=page.get_page(self.request.GET.get("page")),
            zone=home_zone(self.institution),
            in_draft=BasketLine.objects.drafts_of(self.institution, self.request.user).count(),
            may_ask=may_ask,
            of_colleagues=drafts_of_colleagues(self) if may_ask else [],
            **kwargs,
        )


class OfBasket:
    """A sent basket that concerns us, and of its items those that do."""

    @cached_property
    def basket(self) -> Basket:
        rows = Basket.objects.concerning(self.institution)
        related = rows.select_related("borrower", "created_by", "undone_by__resource")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    @property
    def ours(self) -> bool:
        return self.basket.borrower_id == self.institution.pk

    @cached_property
    def items(self) -> list[SharingRequest]:
        rows = SharingRequest.objects.concerning(self.institution).filter(basket=self.basket)
        related = ("resource__site", "owner", "borrower", "created_by", "basket")
        return list(rows.select_related(*related).order_by("pk"))

    @property
    def crumbs(self) -> list[dict]:
        page = "baskets" if self.ours else "lending"
        label = _("Baskets") if self.ours else _("We lend")
        url = reverse(f"scheduling:{page}", args=[self.institution.slug])
        return [{"label": label, "url": url}]


class BasketDetail(OfBasket, Page):
    """The borrower sees all of it; an owner its own items and how many there are."""

    permission = Permission.VIEW
    template_name = "scheduling/baskets/detail.html"

    def get_context_data(self, **kwargs):
        agreed = sum(item.state in State.BOOKED for item in self.items)
        return super().get_context_data(
            basket=self.basket,
            items=self.items,
            ours=self.ours,
            agreed=agreed,
            ended_since=self._ended_since(),
            zone=home_zone(self.institution),
            side=Side.BORROWER if self.ours else Side.OWNER,
            may_take_back=self.ours
            and self.basket.all_or_nothing
            and self.basket.state == BasketState.OPEN
            and self.may(Permission.ASK),
            crumbs=self.crumbs,
            **kwargs,
        )

    def _ended_since(self) -> int:
        """How many items of what was complete have come to nothing."""
        if not self.basket.all_or_nothing or self.basket.state != BasketState.COMPLETE:
            return 0
        return sum(item.state in (State.CANCELLED, State.NO_SHOW) for item in self.items)


class TakeBack(OfBasket, ActionPage):
    """The borrower gives an all-or-nothing basket up: everything is released."""

    permission = Permission.ASK
    form_class = forms.Form
    title = gettext_lazy("Take the basket back")
    submit_label = gettext_lazy("Take it back and release everything")

    @cached_property
    def basket(self) -> Basket:
        rows = Basket.objects.borrowed_by(self.institution)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def detail_url(self) -> str:
        return reverse("scheduling:basket-detail", args=[self.institution.slug, self.basket.pk])

    def get_context_data(self, **kwargs):
        words = _("%(reference)s: every item of it is withdrawn or cancelled, and its owner told.")
        return super().get_context_data(
            intro=words % {"reference": self.basket.reference},
            cancel_url=self.detail_url,
            crumbs=self.crumbs,
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        if self.basket.answers_until:
            return super().get(request, *args, **kwargs)
        messages.warning(request, basket_outcome.BasketOver.message)
        return redirect(self.detail_url)

    def post(self, request, *args, **kwargs):
        self.basket  # noqa: B018 – not ours: 404 before anything is looked at
        return super().post(request, *args, **kwargs)

    def perform(self, form) -> str:
        basket_outcome.take_back(basket=self.basket, by=self.request.user, now=self.now)
        messages.success(self.request, _("The basket is taken back; the owners have been told."))
        return self.detail_url
