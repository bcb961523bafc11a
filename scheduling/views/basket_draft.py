"""A basket that is put together: its lines, judged now, and how it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.queries.detail import visible_resource
from scheduling.actions import baskets
from scheduling.actions.basket_sending import LinesRefused, Wanted, first_uses, send
from scheduling.basket_states import Together
from scheduling.forms.basket import Item, SendForm, item_of, mark_twice
from scheduling.models import Basket, BasketLine
from scheduling.queries.home_zone import home_zone
from scheduling.views.basket_rows import (
    Reader,
    draft_address,
    draft_row,
    drafts_of_colleagues,
    kinds_of_colleagues,
    places_to_add,
)


class ShowsDraft:
    """The lines of ``basket``, a draft or None, as their kinds read them now."""

    permission = Permission.ASK
    title = gettext_lazy("Basket")
    refusals: Mapping[int, Refusal] = MappingProxyType({})

    @cached_property
    def lines(self) -> list[BasketLine]:
        if self.basket is None:
            return []
        related = ("resource__institution", "resource__site", "added_by")
        return list(BasketLine.objects.of(self.basket).select_related(*related).order_by("pk"))

    @cached_property
    def items(self) -> dict[int, Item]:
        """Line → as its kind reads it; what is not visible to us any more has none."""
        found = {}
        for line in self.lines:
            resource = visible_resource(self.institution, line.resource_id)
            if resource is not None:
                found[line.pk] = item_of(
                    line,
                    resource,
                    institution=self.institution,
                    by=line.added_by,
                    now=self.now,
                )
        mark_twice(found.values())
        return found

    def get_context_data(self, **kwargs):
        reader = Reader(self.institution, self.request.user, self.request.roles)
        rows = [
            draft_row(line, self.items.get(line.pk), self.refusals.get(line.pk), reader)
            for line in self.lines
        ]
        slug = self.institution.slug
        return super().get_context_data(
            basket=self.basket,
            rows=rows,
            ready=sum(row["ready"] for row in rows),
            most=baskets.most_items(),
            places=places_to_add(reader),
            for_colleagues=kinds_of_colleagues(reader),
            crumbs=[{"label": _("Baskets"), "url": reverse("scheduling:baskets", args=[slug])}],
            **kwargs,
        )


class Draft(ShowsDraft, ActionPage):
    """My lines, judged now, and the two ways to send them."""

    form_class = SendForm
    template_name = "scheduling/baskets/draft.html"

    @cached_property
    def basket(self) -> Basket | None:
        drafts = Basket.objects.drafts_of(self.institution, self.request.user)
        return drafts.select_related("borrower", "created_by").first()

    @cached_property
    def zone(self):
        return home_zone(self.institution)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def get_initial(self):
        return {
            "deadline_at": self._usual_deadline(),
            "version": self.basket.version if self.basket else None,
        }

    def _usual_deadline(self) -> datetime:
        """Some time from now, before the first use."""
        hours = policy.current().basket.usual_hours
        usual = (self.now + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        terms = [item.terms for item in self.items.values() if item.terms is not None]
        return min([usual, *(at for at in first_uses(terms) if at > self.now)])

    def perform(self, form) -> str:
        wanted = [
            Wanted(
                line=line,
                resource=line.resource,
                terms=self.items[line.pk].terms if line.pk in self.items else None,
            )
            for line in self.lines
        ]
        if self.basket is None:
            raise baskets.BasketSent
        sent = send(
            basket=self.basket,
            wanted=wanted,
            together=Together(form.cleaned_data["together"]),
            version=form.cleaned_data["version"],
            message=form.cleaned_data["message"],
            deadline_at=form.cleaned_data["deadline_at"],
            by=self.request.user,
            now=self.now,
        )
        self._say(sent, len(wanted) - sent.item_count)
        return reverse("scheduling:basket-detail", args=[self.institution.slug, sent.pk])

    def _say(self, sent: Basket, left: int) -> None:
        words = ngettext("%(n)s request is sent.", "%(n)s requests are sent.", sent.item_count)
        messages.success(self.request, words % {"n": sent.item_count})
        if left:
            words = ngettext(
                "%(n)s line could not be sent and stays in your basket.",
                "%(n)s lines could not be sent and stay in your basket.",
                left,
            )
            messages.warning(self.request, words % {"n": left})

    def refused(self, form, refusal: Refusal):
        if isinstance(refusal, LinesRefused):
            self.refusals = refusal.refusals
        self._look_again(form)
        return super().refused(form, refusal)

    def _look_again(self, form) -> None:
        """The page shows the lines as they are by now, so it may send them."""
        for name in ("basket", "lines", "items"):
            self.__dict__.pop(name, None)
        form.data = form.data.copy()
        form.data["version"] = str(self.basket.version) if self.basket else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            of_colleagues=drafts_of_colleagues(self), zone=self.zone, **kwargs
        )


class TakeOut(ActionPage):
    """A line of mine, or of my draft, out of it; whoever opens the address is asked first."""

    permission = Permission.ASK
    form_class = forms.Form
    title = gettext_lazy("Take this out of the basket")
    submit_label = gettext_lazy("Take it out")

    @cached_property
    def line(self) -> BasketLine:
        rows = BasketLine.objects.writable_by(self.institution, self.request.user)
        return get_object_or_404(rows.select_related("resource", "basket"), pk=self.kwargs["pk"])

    @property
    def _draft_url(self) -> str:
        return draft_address(self.line.basket, self.request)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=f"{self.line.resource.name} · {self.line.resource.code}",
            cancel_url=self._draft_url,
            crumbs=[{"label": _("Basket"), "url": self._draft_url}],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.line  # noqa: B018 – not mine: 404 before anything is looked at
        return super().post(request, *args, **kwargs)

    def perform(self, form) -> str:
        baskets.take_out(line=self.line, by=self.request.user, now=self.now)
        words = _("%(name)s is taken out of the basket.")
        messages.success(self.request, words % {"name": self.line.resource.name})
        return self._draft_url
