"""One thing that waits for an answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission
from resources.kinds import kinds as catalogue_kinds
from scheduling.extent import extent
from scheduling.kinds import kinds, zone_of
from scheduling.models import SharingRequest, TimeChange
from scheduling.rules import RuleContext

DECIDE, ANSWER_COUNTER, ANSWER_EXTENSION, POST_CHECK = (
    "decide",
    "answer_counter",
    "answer_extension",
    "post_check",
)
STEP_LABELS = {
    DECIDE: _("Decide"),
    ANSWER_COUNTER: _("Answer"),
    ANSWER_EXTENSION: _("Answer"),
    POST_CHECK: _("Check"),
}
# Step → the transition or change that answers it.
STEP_OF = {
    DECIDE: "approve",
    ANSWER_COUNTER: "accept_counter",
    ANSWER_EXTENSION: "extension",
    POST_CHECK: "close",
}
PERMISSIONS = {
    DECIDE: Permission.DECIDE,
    ANSWER_COUNTER: Permission.ASK,
    ANSWER_EXTENSION: Permission.DECIDE,
    POST_CHECK: Permission.POST_CHECK,
}


@dataclass(kw_only=True)
class Task:
    """One thing to answer.  ``allowed`` is the whole time for it, ``due_at`` when it ends."""

    step: str
    request: SharingRequest
    due_at: datetime
    allowed: timedelta
    change: TimeChange | None = None
    context: RuleContext | None = None
    findings: Findings = field(default_factory=Findings)
    rivals: list[SharingRequest] = field(default_factory=list)
    distance: float | None = None

    @property
    def escalation(self) -> str:
        """How far up the late answer has gone, in words; empty while nobody was reminded."""
        row = self.change or self.request
        return row.get_escalation_display() if row.escalation else ""

    @property
    def label(self):
        return STEP_LABELS[self.step]

    @property
    def permission(self) -> Permission:
        """What who answers it needs over its kind."""
        return PERMISSIONS[self.step]

    @property
    def icon(self) -> str:
        return catalogue_kinds[self.request.kind].icon

    @property
    def together(self) -> int | None:
        """The series of which this is an undecided date: such dates are answered as one."""
        return self.request.series_id if self.step == DECIDE else None

    @property
    def may_tick(self) -> bool:
        """Whether it can be decided together with others; warnings then ask for a reason."""
        return self.step == DECIDE

    @property
    def may_batch(self) -> bool:
        """Only what every check passes and nobody else asks for is approved unseen."""
        whole = not self.page or kinds[self.request.kind].approve_whole is not None
        alike = self.step == DECIDE and whole
        return alike and not self.findings and not self.rivals

    @property
    def passes(self) -> bool:
        """Judged, and nothing stands against it."""
        judged = self.step in (DECIDE, ANSWER_EXTENSION)
        return judged and self.findings.verdict == "ok" and not self.rivals

    @property
    def ends_at(self) -> datetime:
        """The end that is asked for."""
        return self.change.new_ends_at if self.change else self.request.ends_at

    @property
    def length(self) -> timedelta | None:
        """None where no time is claimed."""
        return self.ends_at - self.request.starts_at if self.ends_at else None

    @property
    def extent(self) -> str:
        """What is asked for in words, a longer end included."""
        if self.change is None:
            return extent(self.request)
        zone = zone_of(self.request)
        return describe_period(self.request.starts_at, self.ends_at, tz=zone)

    @property
    def page(self) -> str:
        """The page where it is answered; empty where the row opens in place."""
        own = kinds[self.request.kind].pages.get(STEP_OF[self.step], "")
        if own:
            return f"scheduling:{own}"
        return "scheduling:post-check" if self.step == POST_CHECK else ""
