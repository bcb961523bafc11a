"""The report of rules that were passed with a reason: exceptions and warnings."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from scheduling.queries.passed_rules import passed_in, requests_with_passed_rules
from scheduling.verdicts import short_words

DAYS = (30, 90, 365)
ON_A_PAGE = 50


class PassedRules(Page):
    """Of all shares that we are a side of; ``?days=`` and ``?only=exceptions`` narrow it."""

    permission = Permission.VIEW
    template_name = "scheduling/passed_rules.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in map(str, DAYS) else DAYS[1]
        only = self.request.GET.get("only") == "exceptions"
        found = requests_with_passed_rules(
            self.institution, since=self.now - timedelta(days=days), exceptions_only=only
        )
        page = Paginator(found, ON_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            title=_("Exceptions and passed warnings"),
            page=page,
            rows=[(row, [self._words(each) for each in passed_in(row)]) for row in page],
            query=f"days={days}&" + "only=exceptions&" * only,
            periods=[{"days": each, "current": each == days} for each in DAYS],
            only=only,
            days=days,
            **kwargs,
        )

    @staticmethod
    def _words(passed) -> dict:
        return {"passed": passed, "words": short_words(passed.code) or ""}
