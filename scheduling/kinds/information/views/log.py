"""The owner's access log, paged by its number; and what was opened by breaking the glass."""

from urllib.parse import urlencode

from django.urls import reverse

from medshare_portal.roles import Permission, permissions_of
from medshare_portal.views.pages import Page
from scheduling.kinds.information.forms.log import LogFilter
from scheduling.kinds.information.lines import in_words
from scheduling.kinds.information.queries.log import ROWS, glass_of, page_of

KIND = "information"


class AccessLog(Page):
    """Each look at our information: who, when, what, what for, and why it was refused.

    The log grows without end, so a page begins after a number (``?before=``): page one million
    costs what the first does.
    """

    permission = Permission.READ_AUDIT
    template_name = "scheduling/information/log.html"

    def get(self, request, *args, **kwargs):
        form = LogFilter(request.GET)
        status = 200 if form.is_valid() else 400
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, form, **kwargs):
        rows = page_of(self.institution, **form.chosen) if form.is_valid() else []
        return super().get_context_data(
            form=form,
            rows=in_words(rows[:ROWS]),
            older_url=self._older(form, rows),
            may_review=Permission.POST_CHECK in permissions_of(self.request.roles, KIND),
            first_url=self._address() if form.is_valid() and form.chosen["before"] else "",
            **kwargs,
        )

    def _older(self, form, rows) -> str:
        if len(rows) <= ROWS:
            return ""
        kept = {name: value for name, value in form.cleaned_data.items() if value}
        return f"{self._address()}?{urlencode(kept | {'before': rows[ROWS - 1].sequence})}"

    def _address(self) -> str:
        return reverse("scheduling:information-log", args=[self.institution.slug])


class GlassQueue(Page):
    """Break-glass accesses: those to review, the latest of those that were."""

    permission = Permission.POST_CHECK
    of_kind = KIND
    template_name = "scheduling/information/glass.html"

    def get_context_data(self, **kwargs):
        waiting, reviewed = glass_of(self.institution)
        return super().get_context_data(
            waiting=waiting,
            reviewed=reviewed,
            late=sum(grant.review_due_at <= self.now for grant in waiting),
            **kwargs,
        )
