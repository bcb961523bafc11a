"""Several ticked requests, decided each by itself: what was done, what was not and why."""

from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medshare_portal import submissions
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, kinds_allowing, rights_of
from medshare_portal.views.pages import ActionPage
from scheduling.actions import batches
from scheduling.forms.batches import DECLINE, BatchForm, ticks
from scheduling.inbox_filter import only_known
from scheduling.models import SharingRequest
from scheduling.queries.inbox import tasks_of
from scheduling.queries.inbox_keys import waiting_keys
from scheduling.queries.task import DECIDE, Task
from scheduling.verdicts import finding_rows, verdict

LOOK = "look"  # the button that shows the ticked ones and decides nothing


@dataclass(frozen=True)
class BatchRow:
    """One ticked request as the page shows it.  ``task`` None: it no longer waits."""

    request: SharingRequest
    task: Task | None
    refusal: Refusal | None = None
    reasons: dict[str, forms.BoundField] = field(default_factory=dict)

    @property
    def badge(self) -> tuple[str, str]:
        return verdict(self.task)

    @property
    def findings(self) -> list[tuple[dict, forms.BoundField | None]]:
        """Each with the field for the reason by which it is passed."""
        rows = finding_rows(self.task.findings)
        return [(row, self.reasons.get(row["code"])) for row in rows]


class InboxBatch(ActionPage):
    """Approve or decline what is ticked.  One that fails stays ticked and says why."""

    permission = Permission.DECIDE
    template_name = "scheduling/inbox/batch.html"
    title = _("Decide several requests")
    form_class = BatchForm

    @property
    def ticked(self) -> list[str]:
        """The dates of a series are ticked by one box."""
        return [one for sent in self.request.POST.getlist("pk") for one in sent.split(",")]

    @cached_property
    def rows(self) -> list[SharingRequest]:
        """The ticked requests that are ours to decide, whether they still wait or not."""
        numbers = list(ticks(self.ticked))[: batches.MOST]
        ours = SharingRequest.objects.owned_by(self.institution).filter(
            pk__in=numbers, kind__in=kinds_allowing(Permission.DECIDE, self.request.roles)
        )
        return list(ours.select_related("resource", "owner", "borrower").order_by("due_at", "pk"))

    @cached_property
    def tasks(self) -> dict[int, Task]:
        """Those that wait, judged."""
        numbers = {row.pk for row in self.rows}
        keys = waiting_keys(self.institution, rights_of(self.request.roles)) if numbers else []
        asked = [key for key in keys if key.pk in numbers and key.step == DECIDE]
        found = tasks_of(asked, self.institution, now=self.now)
        return {task.request.pk: task for task in found}

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        known = {row.pk for row in self.rows}
        return kwargs | {"ticked": self.ticked, "known": known, "tasks": self.tasks.values()}

    def post(self, request, *args, **kwargs):
        """“Decline …” first shows what is ticked and asks why; nothing is decided."""
        if LOOK not in request.POST:
            return super().post(request, *args, **kwargs)
        known = {row.pk for row in self.rows}
        form = BatchForm(ticked=self.ticked, known=known, tasks=self.tasks.values())
        return self.render_to_response(self.get_context_data(form=form, rows=self._shown(form)))

    def get_context_data(self, **kwargs):
        sent = self.request.POST
        return super().get_context_data(
            declines=DECLINE in (sent.get(LOOK), sent.get("do")),
            back=self._back(),
            inbox_url=self._inbox_url(),
            **{"rows": self._shown(kwargs.get("form")), "done": []} | kwargs,
        )

    def form_valid(self, form):
        try:
            outcomes = self._decide(form)
        except submissions.KeyMissing as refusal:
            return self.refused(form, refusal)
        done = [one.sharing_request for one in outcomes if one.refusal is None]
        refused = {one.sharing_request.pk: one.refusal for one in outcomes if one.refusal}
        if not refused:
            messages.success(self.request, self._words(len(done), form.cleaned_data["do"]))
            return HttpResponseRedirect(self._inbox_url())
        del self.rows, self.tasks  # what is shown is what is there now
        fresh = BatchForm(
            self.request.POST,
            ticked=self.ticked,
            known=[row.pk for row in self.rows],
            tasks=self.tasks.values(),
        )
        context = self.get_context_data(
            form=fresh, rows=self._shown(fresh, refused), done=done, refused=len(refused)
        )
        return self.render_to_response(context, status=200 if done else 409)

    def _decide(self, form) -> list[batches.Outcome]:
        versions, values = ticks(self.ticked), form.cleaned_data
        ticked = [
            batches.Ticked(
                sharing_request=row, version=versions[row.pk], accepted=form.accepted(row.pk)
            )
            for row in self.rows
        ]
        sent = batches.Sent(
            by=self.request.user,
            key=self.request.POST.get(submissions.FIELD, ""),
            digest=submissions.digest_of(self.request.path, self.request.POST),
            now=self.now,
        )
        if values["do"] == DECLINE:
            return batches.decline_each(
                ticked=ticked, sent=sent, reason_code=values["reason_code"], text=values["text"]
            )
        return batches.approve_each(ticked=ticked, sent=sent, text=values["text"])

    def _shown(self, form, refused=None) -> list[BatchRow]:
        """The ticked rows, after an attempt only those that were not done."""
        numbers = None if refused is None else set(refused)
        return [
            BatchRow(
                row,
                self.tasks.get(row.pk),
                (refused or {}).get(row.pk),
                form.reason_fields(row.pk) if form is not None else {},
            )
            for row in self.rows
            if numbers is None or row.pk in numbers
        ]

    @staticmethod
    def _words(number: int, decision: str) -> str:
        if decision == DECLINE:
            words = ngettext("%(n)s request declined.", "%(n)s requests declined.", number)
        else:
            words = ngettext("%(n)s request approved.", "%(n)s requests approved.", number)
        return words % {"n": number}

    def _back(self) -> str:
        """The filter from which the batch was sent, and nothing else that was sent as one."""
        return only_known(self.request.POST.get("back", "")[:500])

    def _inbox_url(self) -> str:
        address, back = reverse("scheduling:inbox", args=[self.institution.slug]), self._back()
        return f"{address}?{back}" if back else address
