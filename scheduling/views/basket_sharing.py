"""A draft that colleagues put together: opened by the one who sends it, filled by all."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.models import RoleGroup
from medshare_portal.notices import people_with
from medshare_portal.roles import Permission, Role
from medshare_portal.views.pages import ActionPage, Page
from scheduling.actions import baskets
from scheduling.forms.basket import ShareForm
from scheduling.models import Basket, BasketLine
from scheduling.views.basket_draft import ShowsDraft


class OfMyDraft(ActionPage):
    """A step of the one who put the draft together."""

    permission = Permission.ASK
    intro = ""

    @cached_property
    def basket(self) -> Basket:
        """An empty one is made by its first line: there is nothing to open before."""
        return get_object_or_404(Basket.objects.drafts_of(self.institution, self.request.user))

    def dispatch(self, request, *args, **kwargs):
        self.basket  # noqa: B018 – none: 404 before anything is looked at
        return super().dispatch(request, *args, **kwargs)

    @property
    def _draft_url(self) -> str:
        return reverse("scheduling:basket-draft", args=[self.institution.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=self.intro,
            cancel_url=self._draft_url,
            crumbs=[{"label": _("Basket"), "url": self._draft_url}],
            **kwargs,
        )


class Share(OfMyDraft):
    """Open my draft to colleagues and tell some of them what is still needed."""

    form_class = ShareForm
    title = gettext_lazy("Ask colleagues for their part")
    submit_label = gettext_lazy("Open the basket to colleagues")
    intro = gettext_lazy("Each puts in what its own role may ask for; you send all of it as one.")

    def get_form_kwargs(self):
        people = people_with(Permission.ASK, self.institution).exclude(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"people": people, "roles": self._roles(people)}

    def _roles(self, people) -> dict[int, str]:
        groups = RoleGroup.objects.owned_by(self.institution).filter(group__user__in=people)
        held: dict[int, list[str]] = {}
        for person, role in groups.values_list("group__user", "role").order_by("pk"):
            held.setdefault(person, []).append(str(Role(role).label))
        return {person: str(_(", ")).join(roles) for person, roles in held.items()}

    def get_initial(self):
        return {"still_needed": self.basket.still_needed}

    def perform(self, form) -> str:
        baskets.share(
            basket=self.basket,
            still_needed=form.cleaned_data["still_needed"],
            colleagues=form.cleaned_data["colleagues"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Colleagues can put their part into the basket now."))
        return self._draft_url


class Unshare(OfMyDraft):
    """Close my draft to colleagues again."""

    form_class = forms.Form
    title = gettext_lazy("Close the basket to colleagues")
    submit_label = gettext_lazy("Close it")
    intro = gettext_lazy(
        "Colleagues see it no longer. What they put in stays until you take it out."
    )

    def perform(self, form) -> str:
        baskets.unshare(basket=self.basket, by=self.request.user, now=self.now)
        messages.success(self.request, _("The basket is yours alone again."))
        return self._draft_url


class OfColleague:
    """A draft that a colleague shares; one that was sent meanwhile is shown as it was sent."""

    @cached_property
    def basket(self) -> Basket:
        rows = Basket.objects.open_to(self.institution, self.request.user)
        return get_object_or_404(
            rows.exclude(created_by=self.request.user).select_related("borrower", "created_by"),
            pk=self.kwargs["pk"],
        )

    @property
    def address(self) -> str:
        return reverse("scheduling:basket-shared", args=[self.institution.slug, self.basket.pk])

    @cached_property
    def mine(self) -> Basket | None:
        return Basket.objects.drafts_of(self.institution, self.request.user).first()

    @property
    def lines_of_mine(self) -> int:
        if self.mine is None:
            return 0
        return BasketLine.objects.of(self.mine).filter(added_by=self.request.user).count()


class Shared(OfColleague, ShowsDraft, Page):
    """A colleague's basket: what is in it, what is still needed, and how my part gets into it."""

    template_name = "scheduling/baskets/shared.html"

    def get(self, request, *args, **kwargs):
        slug, pk = self.institution.slug, self.kwargs["pk"]
        if Basket.objects.borrowed_by(self.institution).filter(pk=pk).exists():
            return HttpResponseRedirect(reverse("scheduling:basket-detail", args=[slug, pk]))
        if self.mine is not None and self.mine.pk == pk:
            return HttpResponseRedirect(reverse("scheduling:basket-draft", args=[slug]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(mine=self.lines_of_mine, **kwargs)


class PutIn(OfColleague, ActionPage):
    """My lines into a colleague's basket; whoever opens the address is asked first."""

    permission = Permission.ASK
    form_class = forms.Form
    title = gettext_lazy("Put your part into the basket")
    submit_label = gettext_lazy("Put it in")

    def dispatch(self, request, *args, **kwargs):
        self.basket  # noqa: B018 – not open to us: 404 before anything is looked at
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        words = ngettext(
            "%(n)s of your lines goes into basket %(reference)s of %(name)s, who sends it.",
            "%(n)s of your lines go into basket %(reference)s of %(name)s, who sends it.",
            self.lines_of_mine,
        )
        said = {
            "n": self.lines_of_mine,
            "reference": self.basket.reference,
            "name": self.basket.created_by,
        }
        return super().get_context_data(
            intro=words % said,
            cancel_url=self.address,
            crumbs=[{"label": self.basket.reference, "url": self.address}],
            **kwargs,
        )

    def perform(self, form) -> str:
        if self.mine is None:
            raise baskets.NothingToPutIn
        baskets.put_in(source=self.mine, target=self.basket, by=self.request.user, now=self.now)
        messages.success(self.request, _("Your part is in the basket now."))
        return self.address
