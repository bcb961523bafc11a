"""What came up to the city because neither those who must answer nor their head did."""

from collections import Counter

import django_filters as filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.forms.plain import NothingForm
from resources.kinds import kinds
from scheduling.actions.city_reminders import PAUSE, remind
from scheduling.filters import institutions
from scheduling.models import SharingRequest
from scheduling.queries.late_at_city import Awaited, LateAnswer, LateKey, answers_of, late_keys

ROWS, ALL = 50, gettext_lazy("All")
WHAT = {
    Awaited.ANSWER: gettext_lazy("Answer to the request"),
    Awaited.EXTENSION: gettext_lazy("Answer to longer use"),
    Awaited.CONSENT: gettext_lazy("Consent"),
    Awaited.CHECK: gettext_lazy("Check after return"),
}


class LateFilter(FilterSet):
    """By who must answer, what, and of which kind; looks at keys."""

    by = filters.ModelChoiceFilter(
        label=gettext_lazy("Who must answer"),
        queryset=institutions,
        empty_label=ALL,
    )
    what = filters.ChoiceFilter(
        label=gettext_lazy("What is late"),
        choices=list(WHAT.items()),
        empty_label=ALL,
    )
    kind = filters.ChoiceFilter(
        label=gettext_lazy("Kind"),
        choices=lambda: [(k.code, k.label) for k in kinds],
        empty_label=ALL,
    )

    def wanted(self, keys: list[LateKey]) -> list[LateKey]:
        chosen = self.form.cleaned_data
        return [
            key
            for key in keys
            if (not chosen["by"] or key.by == chosen["by"].pk)
            and chosen["what"] in ("", key.what)
            and chosen["kind"] in ("", key.kind)
        ]


class LateAnswers(Page):
    permission = Permission.CITY_VIEW
    template_name = "scheduling/city/late.html"

    @cached_property
    def filter(self) -> LateFilter:
        rows = SharingRequest.objects.none()
        return LateFilter(self.request.GET, queryset=rows, request=self.request)

    def get_context_data(self, **kwargs):
        keys = late_keys()
        wanted = self.filter.wanted(keys) if self.filter.form.is_valid() else []
        page = Paginator(wanted, ROWS).get_page(self.request.GET.get("page"))
        answers = answers_of(page.object_list, since=self.now - PAUSE)
        rows = [(answer, WHAT[answer.key.what]) for answer in answers]
        return super().get_context_data(
            filter=self.filter,
            rows=rows,
            page=page,
            number=len(keys),
            slowest=_slowest(keys),
            may_mediate=self.may(Permission.MEDIATE),
            query=self._query(),
            **kwargs,
        )

    def _query(self) -> str:
        kept = self.request.GET.copy()
        kept.pop("page", None)
        return f"{kept.urlencode()}&" if kept else ""

    def render_to_response(self, context, **kwargs):
        if not self.filter.form.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


class RemindOfLate(ActionPage):
    """“Remind”, once a day; what is not late does not exist here."""

    permission = Permission.MEDIATE
    template_name = "generic/confirm.html"
    form_class = NothingForm
    title = gettext_lazy("Remind of the late answer")
    submit_label = gettext_lazy("Remind them now")

    @cached_property
    def answers(self) -> list[LateAnswer]:
        """All that is late of the request of the address."""
        found = [key for key in late_keys() if key.request == self.kwargs["pk"]]
        if not found:
            raise Http404
        return answers_of(found, since=self.now - PAUSE)

    def get_context_data(self, **kwargs):
        late = reverse("city:late")
        names = {answer.by.name for answer in self.answers}
        question = _("Remind %(names)s of %(reference)s?") % {
            "names": str(_(", ")).join(sorted(names)),
            "reference": self.answers[0].request.reference,
        }
        told = _("All who may answer there are told, with the coordinators, approvers and heads.")
        return super().get_context_data(
            question=question,
            consequences=[told],
            cancel_url=late,
            crumbs=[{"label": _("Late answers"), "url": late}],
            **kwargs,
        )

    def perform(self, form) -> str:
        request = self.answers[0].request
        remind(sharing_request=request, by=self.request.user, now=self.now)
        messages.success(self.request, _("Reminded: %(reference)s.") % {"reference": request})
        return reverse("city:late")


def _slowest(keys: list[LateKey]) -> list[tuple[Institution, int]]:
    """The three institutions that owe most of these answers."""
    most = Counter(key.by for key in keys).most_common(3)
    named = Institution.objects.directory().in_bulk([pk for pk, _number in most])
    return [(named[pk], number) for pk, number in most if pk in named]
