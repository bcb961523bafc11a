"""The inbox: what waits for us by time left; rows open in place; batch approval."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, rights_of
from medshare_portal.views.pages import ActionPage, Page
from scheduling.actions import decisions
from scheduling.models import SharingRequest
from scheduling.queries import inbox
from scheduling.queries.at_risk import all_at_risk
from scheduling.queries.opened import opened
from scheduling.queries.task import Task
from scheduling.queries.waiting import every_right, waiting_count
from scheduling.verdicts import verdict
from scheduling.views.decisions import decision_context

TABS = {"waiting": _("Waiting for me"), "asked": _("Our requests"), "done": _("Done")}
ROWS = 30


class Inbox(Page):
    """Three tabs; ``?open=<pk>`` opens a row, and htmx swaps just that row."""

    permission = Permission.VIEW
    template_name = "scheduling/inbox/inbox.html"

    def get_template_names(self):
        if (self.request.htmx and self._number("row")) or self._only_open_row:
            return ["scheduling/inbox/row_only.html"]
        return [self.template_name]

    @property
    def _only_open_row(self) -> bool:
        target = self.request.htmx.target or "" if self.request.htmx else ""
        return self._number("open") is not None and target.startswith("row-")

    def _number(self, name: str) -> int | None:
        value = self.request.GET.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None

    @cached_property
    def tab(self) -> str:
        name = self.request.GET.get("tab", "waiting")
        return name if name in TABS else "waiting"

    @cached_property
    def tasks(self):
        return inbox.tasks(self.institution, rights=rights_of(self.request.roles), now=self.now)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(tab=self.tab, **kwargs)
        if self.request.htmx and (self._number("row") or self._only_open_row):
            return context | self._one_row()
        context |= self._counts()
        context["tabs"] = [
            {
                "label": label,
                "url": f"?tab={name}",
                "active": name == self.tab,
                "count": context["counts"][name],
            }
            for name, label in TABS.items()
        ]
        if self.tab == "waiting":
            return context | self._waiting()
        return context | self._requests()

    def _counts(self) -> dict:
        own = waiting_count(self.institution, rights_of(self.request.roles))
        everybody = waiting_count(self.institution, every_right())
        return {
            "counts": {
                "waiting": own,
                "asked": inbox.asked_by_us(self.institution).count(),
                "done": inbox.done_lately(self.institution, self.now).count(),
            },
            "for_colleagues": everybody - own,
            "done_days": inbox.DONE_DAYS,
        }

    def _waiting(self) -> dict:
        soon = [task for task in self.tasks if (task.due_at - self.now).total_seconds() < 7200]
        page = Paginator(self.tasks, ROWS).get_page(self.request.GET.get("page"))
        return {
            "rows": [_row(task) for task in page],
            "page": page,
            "soon": len(soon),
            "bookings_at_risk": all_at_risk(self.institution, now=self.now),
            "may_batch": Permission.DECIDE in self.request.permissions,
        } | self._open_context()

    def _opened(self) -> dict | None:
        number = self._number("open")
        task = next((task for task in self.tasks if task.request.pk == number), None)
        if task is None:
            return None
        found = opened(task, self.institution, now=self.now)
        return {"pk": number} | decision_context(found, self.institution)

    def _one_row(self) -> dict:
        number = self._number("open") or self._number("row")
        task = next((task for task in self.tasks if task.request.pk == number), None)
        if task is None:
            raise Http404
        return {
            "row": _row(task),
            "may_batch": Permission.DECIDE in self.request.permissions,
        } | self._open_context()

    def _open_context(self) -> dict:
        found = self._opened()
        return {"opened": found, "open_pk": found["pk"] if found else 0}

    def _requests(self) -> dict:
        rows = (
            inbox.asked_by_us(self.institution)
            if self.tab == "asked"
            else inbox.done_lately(self.institution, self.now)
        )
        related = rows.select_related(
            "resource__site", "owner", "borrower", "resource__category", "decided_by"
        )
        return {"page": Paginator(related, ROWS).get_page(self.request.GET.get("page"))}


@dataclass(frozen=True)
class Row:
    task: Task
    status: str
    words: str


def _row(task) -> Row:
    return Row(task, *verdict(task))


class BatchForm(forms.Form):
    """The ticked requests."""

    pk = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Tick at least one request."),
            "invalid_choice": _("A ticked request is no longer waiting."),
        },
    )

    def __init__(self, *args, numbers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pk"].choices = [(number, number) for number in numbers]


class InboxBatch(ActionPage):
    """Approve each ticked request by itself: one that fails does not stop the others."""

    permission = Permission.DECIDE
    template_name = "scheduling/inbox/batch.html"
    title = _("Approve several requests")
    submit_label = _("Approve")
    form_class = BatchForm

    def get_form_kwargs(self):
        posted = {
            value
            for value in self.request.POST.getlist("pk")[:100]
            if value.isascii() and value.isdigit() and len(value) < 12
        }
        known = SharingRequest.objects.owned_by(self.institution).filter(pk__in=posted)
        return super().get_form_kwargs() | {"numbers": known.values_list("pk", flat=True)}

    def perform(self, form) -> str:
        results = [self._approve(row) for row in self._rows(form.cleaned_data["pk"])]
        done = sum(1 for _row, refusal in results if refusal is None)
        if done:
            words = ngettext("%(n)s request approved.", "%(n)s requests approved.", done)
            messages.success(self.request, words % {"n": done})
        for row, refusal in results:
            if refusal is not None:
                messages.error(self.request, f"{row.reference} · {row.resource}: {refusal}")
        return reverse("scheduling:inbox", args=[self.institution.slug])

    def _rows(self, numbers):
        rows = SharingRequest.objects.owned_by(self.institution).filter(pk__in=numbers)
        return rows.select_related("resource", "owner", "borrower").order_by("due_at", "pk")

    def _approve(self, row):
        """(request, None) or (request, why not); each in a savepoint of its own."""
        try:
            with transaction.atomic():
                decisions.approve(sharing_request=row, by=self.request.user, now=self.now)
        except Refusal as refusal:
            return row, refusal
        return row, None
