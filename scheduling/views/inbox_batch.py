"""Several ticked requests, decided each by itself: what was done, what was not and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, kinds_allowing, rights_of
from scheduling.actions import batches
from scheduling.forms.batches import DECLINE, BatchForm, rivals_of, ticks
from scheduling.inbox_filter import only_known
from scheduling.models import SharingRequest
from scheduling.queries.inbox import tasks_of
from scheduling.queries.inbox_keys import waiting_keys
from scheduling.queries.task import DECIDE, Task
from scheduling.verdicts import finding_rows, verdict
from scheduling.views.batch import BatchPage


@dataclass(frozen=True)
class BatchRow:
    """One ticked request as the page shows it.  ``task`` None: it no longer waits."""

    request: SharingRequest
    task: Task | None
    refusal: Refusal | None = None
    reasons: dict[str, forms.BoundField] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return self.task is not None

    @property
    def badge(self) -> tuple[str, str]:
        return verdict(self.task)

    @property
    def rivals(self) -> str:
        return rivals_of(self.task) if self.task else ""

    @property
    def rival_links(self) -> SafeString:
        """Each by name and reference, to its page as we see it."""
        slug = self.request.owner.slug
        links = (
            (reverse("scheduling:request-detail", args=[slug, rival.pk]), rival)
            for rival in self.task.rivals
        )
        named = ((url, rival.borrower.name, rival.reference) for url, rival in links)
        return format_html_join(_(", "), '<a href="{}">{} {}</a>', named)

    @property
    def findings(self) -> list[tuple[dict, forms.BoundField | None]]:
        """Each with the field for the reason by which it is passed."""
        rows = finding_rows(self.task.findings)
        return [(row, self.reasons.get(row["code"])) for row in rows]


class InboxBatch(BatchPage):
    """Approve or decline what is ticked."""

    permission = Permission.DECIDE
    template_name = "scheduling/inbox/batch.html"
    title = _("Decide several requests")
    form_class = BatchForm

    @cached_property
    def ticked(self) -> list[str]:
        """The dates of a series are ticked by one box."""
        return [one for sent in super().ticked for one in sent.split(",")]

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

    def forget(self) -> None:
        super().forget()
        del self.tasks

    def form_terms(self) -> dict:
        return super().form_terms() | {"tasks": self.tasks.values()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(back=self._back, **kwargs)

    def answer_each(self, form, sent: batches.Sent) -> dict[int, Refusal]:
        """Why not, of those that were not done."""
        versions, values = ticks(self.ticked), form.cleaned_data
        ticked = [
            batches.Ticked(
                sharing_request=row, version=versions[row.pk], accepted=form.accepted(row.pk)
            )
            for row in self.rows
        ]
        if values["do"] == DECLINE:
            outcomes = batches.decline_each(
                ticked=ticked, sent=sent, reason_code=values["reason_code"], text=values["text"]
            )
        else:
            outcomes = batches.approve_each(ticked=ticked, sent=sent, text=values["text"])
        return {one.sharing_request.pk: one.refusal for one in outcomes if one.refusal}

    def shown(self, rows: list, form, refused: Mapping[int, Refusal]) -> list[BatchRow]:
        return [
            BatchRow(
                row,
                self.tasks.get(row.pk),
                refused.get(row.pk),
                form.reason_fields(row.pk) if form is not None else {},
            )
            for row in rows
        ]

    @staticmethod
    def words(number: int, decision: str) -> str:
        if decision == DECLINE:
            words = ngettext("%(n)s request declined.", "%(n)s requests declined.", number)
        else:
            words = ngettext("%(n)s request approved.", "%(n)s requests approved.", number)
        return words % {"n": number}

    @property
    def _back(self) -> str:
        """The filter from which the batch was sent, and nothing else that was sent as one."""
        return only_known(self.request.POST.get("back", "")[:500])

    @property
    def back_url(self) -> str:
        address = reverse("scheduling:inbox", args=[self.institution.slug])
        return f"{address}?{self._back}" if self._back else address
