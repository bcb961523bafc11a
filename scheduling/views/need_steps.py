"""What is done with needs: post, amend, withdraw, answer."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.forms.plain import NothingForm
from resources.views.offers import find
from scheduling.actions import needs
from scheduling.forms.needs import AmendForm, AnswerForm, NeedForm
from scheduling.models import Need, NeedAnswer, NeedState
from scheduling.queries import needs as queries
from scheduling.queries.free_facts import categories_of
from scheduling.views.find_drawn import suggestions
from scheduling.views.need_of_search import as_need
from scheduling.views.needs import InOurClock, OfNeed, PostsNeeds, row_of


class PostNeed(PostsNeeds, ActionPage):
    """A search that found nothing fills the form in by its own address."""

    form_class = NeedForm
    template_name = "scheduling/needs/form.html"
    title = gettext_lazy("Post a need")
    submit_label = gettext_lazy("Post the need")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | self.form_terms

    @cached_property
    def asked(self) -> dict:
        """What the address fills in; what cannot be read is left out."""
        form = NeedForm(self._address(), **self.form_terms)
        form.is_valid()
        return {name: value for name, value in form.cleaned_data.items() if value}

    def _address(self) -> dict:
        values = self.request.GET.dict()
        return {"kind": self.form_terms["kinds"][0]} | values | as_need(values)

    def get_initial(self):
        values = self.asked | {"what": self.request.GET.get("what", "")[:200]}
        site = values.get("site") or (self.sites[0] if self.sites else None)
        return values | {"site": site.pk if site else None}

    def get_context_data(self, **kwargs):
        chosen = self.asked.get("kind") if "kind" in self.request.GET else None
        kinds = [chosen] if chosen else self.form_terms["kinds"]
        names = [category.name for kind in kinds for category in categories_of(kind)]
        return super().get_context_data(
            categories=suggestions(names),
            cancel_url=self.list_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        need = needs.post(
            institution=self.institution, by=self.request.user, now=self.now, **form.posted()
        )
        messages.success(
            self.request, _("Your need is posted. Those who could help are told once.")
        )
        return reverse("scheduling:need-detail", args=[self.institution.slug, need.pk])


class AmendNeed(OfNeed, ActionPage):
    """What has ended is told at once, and not when a form was filled in."""

    permission = Permission.ASK
    form_class = AmendForm
    template_name = "generic/form.html"
    title = gettext_lazy("Amend the need")
    submit_label = gettext_lazy("Save the changes")

    def get(self, request, *args, **kwargs):
        if self.need.state == NeedState.OPEN:
            return super().get(request, *args, **kwargs)
        messages.warning(request, needs.NeedEnded.message)
        return redirect(self.need_url)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sites": self.sites, "zone": self.zone}

    def get_initial(self):
        names = needs.NeedTerms.__dataclass_fields__
        values = {name: getattr(self.need, name) for name in names}
        return values | {"site": self.need.site_id, "version": self.need.version}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=f"{self.need.reference} · {self.need.name}", cancel_url=self.need_url, **kwargs
        )

    def perform(self, form) -> str:
        needs.amend(
            need=self.need,
            terms=form.terms(),
            version=form.cleaned_data["version"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("The need is amended; what it was is kept."))
        return self.need_url


class WithdrawNeed(OfNeed, ActionPage):
    permission = Permission.ASK
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Withdraw the need")
    submit_label = gettext_lazy("Withdraw")

    def get_context_data(self, **kwargs):
        question = _("You no longer need %(what)s?") % {"what": self.need.name}
        return super().get_context_data(question=question, cancel_url=self.need_url, **kwargs)

    def perform(self, form) -> str:
        needs.withdraw(need=self.need, by=self.request.user, now=self.now)
        messages.success(self.request, _("The need is withdrawn."))
        return self.list_url


class AnswerNeed(OfNeed, ActionPage):
    """'We can help', with one of our resources filled in."""

    permission = Permission.PUBLISH_OFFER
    form_class = AnswerForm
    template_name = "scheduling/needs/answer.html"
    title = gettext_lazy("We can help")
    submit_label = gettext_lazy("Tell them that we can help")
    own = False

    @cached_property
    def need(self) -> Need:
        """Another's: our own is not ours to answer."""
        rows = queries.visible_need(self.institution).exclude(institution=self.institution)
        return find(rows, pk=self.kwargs["pk"])

    @cached_property
    def resources(self):
        return queries.could_answer_with(self.need, self.institution)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"resources": self.resources}

    def get_initial(self):
        chosen = self.request.GET.get("resource", "")
        first = queries.first_fitting(self.need, self.resources)
        return {"resource": chosen if chosen.isdecimal() else first and first.pk}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            row=row_of(self.need, self.zone),
            nothing=not self.resources.exists(),
            cancel_url=self.need_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        needs.answer(
            need=self.need,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        messages.success(
            self.request,
            _("%(name)s has been told.") % {"name": self.need.institution.name},
        )
        return self.need_url


class TakeBackAnswer(InOurClock, ActionPage):
    """'We cannot help after all.'"""

    permission = Permission.PUBLISH_OFFER
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Take the answer back")
    submit_label = gettext_lazy("Take it back")

    @property
    def of_kind(self) -> str:
        return self.answer.need.kind

    @cached_property
    def answer(self) -> NeedAnswer:
        return find(queries.own_answer(self.institution), pk=self.kwargs["pk"])

    @property
    def need_url(self) -> str:
        return reverse("scheduling:need-detail", args=[self.institution.slug, self.answer.need_id])

    def get_context_data(self, **kwargs):
        words = {"who": self.answer.need.institution.name, "what": self.answer.need.name}
        question = _("You cannot help %(who)s with %(what)s after all?") % words
        return super().get_context_data(question=question, cancel_url=self.need_url, **kwargs)

    def perform(self, form) -> str:
        needs.take_back(answer=self.answer, by=self.request.user, now=self.now)
        messages.success(
            self.request,
            _("%(name)s has been told.") % {"name": self.answer.need.institution.name},
        )
        return self.list_url
