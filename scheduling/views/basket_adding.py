"""'Add to basket' beside 'Send', on the pages that ask for one thing."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from scheduling.actions import baskets
from scheduling.forms.basket import as_sent, typed_of
from scheduling.models import BasketLine
from scheduling.views.basket_rows import draft_address
from scheduling.views.for_need import NEED, AsksForNeed


class AddsToBasket(AsksForNeed):
    """Mixin of an ``ActionPage`` with ``resource`` and ``send(form)``.

    ``do=basket`` keeps what was typed in the person's draft instead of sending it; ``?line=`` shows
    a line of that draft and changes it.
    """

    @property
    def to_basket(self) -> bool:
        return self.request.POST.get("do") == "basket"

    @cached_property
    def basket_line(self) -> BasketLine | None:
        """My line that the address names, or one of my draft; of another thing it is not found."""
        number = self.request.GET.get("line", "")
        if not number:
            return None
        known = number if number.isascii() and number.isdigit() and len(number) < 19 else 0
        lines = BasketLine.objects.writable_by(self.institution, self.request.user)
        return get_object_or_404(lines.select_related("basket"), pk=known, resource=self.resource)

    @cached_property
    def typed(self) -> QueryDict | None:
        """What was sent, else what the line keeps; None for a fresh form."""
        if self.request.method == "POST":
            return self.request.POST
        return as_sent(self.basket_line.typed) if self.basket_line else None

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.request.method != "POST" and self.typed is not None:
            kwargs["data"] = self.typed
        return kwargs

    def get_context_data(self, **kwargs):
        return super().get_context_data(basket_line=self.basket_line, may_add=True, **kwargs)

    def perform(self, form) -> str:
        return self._keep(form) if self.to_basket else self.send(form)

    @property
    def need_number(self) -> str:
        kept = self.basket_line.typed.get(NEED, [""]) if self.basket_line else [""]
        return super().need_number or kept[0]

    def _from_where(self) -> dict[str, list[str]]:
        return {NEED: [self.need_number]} if self.need_number else {}

    def _keep(self, form) -> str:
        line = baskets.put(
            borrower=self.institution,
            resource=self.resource,
            typed=typed_of(form) | self._from_where(),
            by=self.request.user,
            now=self.now,
            line=self.basket_line,
        )
        words = _("%(name)s is in the basket. Nothing is sent yet.")
        messages.success(self.request, words % {"name": self.resource.name})
        return draft_address(line.basket, self.request)
