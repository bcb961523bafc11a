"""What came up to the city because neither those who must answer nor their head did."""

from collections import Counter

import django_filters as filters
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.kinds import kinds
from scheduling.filters import institutions
from scheduling.models import SharingRequest
from scheduling.queries.late_at_city import Awaited, LateKey, answers_of, late_keys

ROWS = 50
WHAT = {
    Awaited.ANSWER: _("Answer to the request"),
    Awaited.EXTENSION: _("Answer to longer use"),
    Awaited.CONSENT: _("Consent"),
    Awaited.CHECK: _("Check after return"),
}


class LateFilter(FilterSet):
    """By who must answer, what, and of which kind; looks at keys."""

    by = filters.ModelChoiceFilter(
        label=_("Who must answer"), queryset=institutions, empty_label=_("All")
    )
    what = filters.ChoiceFilter(
        label=_("What is late"), choices=list(WHAT.items()), empty_label=_("All")
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=lambda: [(k.code, k.label) for k in kinds], empty_label=_("All")
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
        rows = [(answer, WHAT[answer.key.what]) for answer in answers_of(page.object_list)]
        return super().get_context_data(
            filter=self.filter,
            rows=rows,
            page=page,
            number=len(keys),
            slowest=_slowest(keys),
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


def _slowest(keys: list[LateKey]) -> list[tuple[Institution, int]]:
    """The three institutions that owe most of these answers."""
    most = Counter(key.by for key in keys).most_common(3)
    named = Institution.objects.directory().in_bulk([pk for pk, _number in most])
    return [(named[pk], number) for pk, number in most if pk in named]
