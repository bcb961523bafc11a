"""What waits for an institution's answer, by time left, with the verdict of the rules."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, Count, Q, Value
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.findings import Findings
from medshare_portal.models import Site
from medshare_portal.roles import Permission
from resources.distance import between_sites
from resources.kinds import kinds
from scheduling.models import SharingRequest, TimeChange
from scheduling.queries.rule_facts import contexts_of, wish_of
from scheduling.rules import RuleContext, findings_for_request
from scheduling.states import ChangeKind, ChangeStatus, State

MOST = 200  # rows of one inbox page; the counts are exact beyond it
DONE_DAYS = 30
HERE = Bind("here", BigIntegerField())
ANSWERING = frozenset({Permission.DECIDE, Permission.ASK, Permission.POST_CHECK})

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
    def label(self):
        return STEP_LABELS[self.step]

    @property
    def icon(self) -> str:
        return kinds[self.request.kind].icon

    @property
    def may_batch(self) -> bool:
        """Only what every check passes and nobody else asks for is approved unseen."""
        return self.step == DECIDE and not self.findings and not self.rivals

    @property
    def ends_at(self) -> datetime:
        """The end that is asked for."""
        return self.change.new_ends_at if self.change else self.request.ends_at

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.request.starts_at


def related(requests):
    """With all that rows, rules and pages of a request read."""
    details = (f"resource__{kind.detail}" for kind in kinds)
    return requests.select_related(
        "resource__institution",
        "resource__site",
        "resource__category",
        "owner",
        "borrower",
        "offer",
        "created_by",
        "delivery_site",
        *details,
        "resource__equipment__required_competency",
        "resource__equipment__nmpa_category",
    )


def _conditions(institution, permissions: Collection[Permission]) -> Q:
    """Requests that wait for an answer these permissions may give."""
    wanted = Q(pk__in=[])
    if Permission.DECIDE in permissions:
        wanted |= Q(owner=institution, state=State.REQUESTED)
    if Permission.ASK in permissions:
        wanted |= Q(borrower=institution, state=State.COUNTERED)
    if Permission.POST_CHECK in permissions:
        wanted |= Q(owner=institution, state=State.FINISHED)
    return wanted


def _extensions(institution, permissions):
    rows = TimeChange.objects.concerning(institution).filter(
        kind=ChangeKind.EXTENSION, status=ChangeStatus.PENDING
    )
    if Permission.DECIDE not in permissions:
        return rows.none()
    return rows.filter(sharing_request__owner=institution)


def waiting_count(institution, permissions: Collection[Permission]) -> int:
    """How many answers wait for somebody with these permissions; one statement for every page."""
    able = ANSWERING.intersection(permissions)
    return sum(_waiting(able).column(here=institution.pk)) if able else 0


@cache
def _waiting(permissions: frozenset[Permission]) -> Prepared:
    """Two numbers for those who may do these of ``ANSWERING``: requests, extensions."""

    def both():
        requests = SharingRequest.objects.concerning(HERE)
        asked = _counted(requests.filter(_conditions(HERE, permissions)))
        longer = _counted(_extensions(HERE, permissions))
        return asked.union(longer, all=True) if Permission.DECIDE in permissions else asked

    return Prepared(both)


def _counted(rows):
    """The number of rows as a row, or no row for none."""
    return rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values_list("n")


def asked_by_us(institution):
    """Our requests that are not decided yet, the most urgent first."""
    return SharingRequest.objects.borrowed_by(institution).pending().order_by("due_at", "pk")


def done_lately(institution, now: datetime):
    """What we decided in the last days, the latest first."""
    since = now - timedelta(days=DONE_DAYS)
    return (
        SharingRequest.objects.owned_by(institution)
        .filter(created_at__gte=since - timedelta(days=60), decided_at__gte=since)
        .order_by("-decided_at", "-pk")
    )


def tasks(
    institution, *, permissions: Collection[Permission], now: datetime, most: int = MOST
) -> list[Task]:
    """The most urgent tasks, judged; a constant number of queries."""
    able = ANSWERING.intersection(permissions)
    waiting = _rows(able, most).instances(here=institution.pk) if able else []
    found = [_task_of(row) for row in waiting] + _extension_tasks(institution, able, most)
    found.sort(key=lambda task: (task.due_at, task.request.pk))
    del found[most:]
    _judge(found, institution, now)
    return found


@cache
def _rows(permissions: frozenset[Permission], most: int) -> Prepared:
    """The most urgent requests for those who may do these of ``ANSWERING``."""

    def waiting():
        rows = SharingRequest.objects.concerning(HERE).filter(_conditions(HERE, permissions))
        return related(rows.order_by("due_at", "pk")[:most])

    return Prepared(waiting)


def task_of(sharing_request: SharingRequest, institution, *, now: datetime) -> Task:
    """One request as a task, whether it still waits or not."""
    task = _task_of(sharing_request)
    _judge([task], institution, now)
    return task


def _task_of(row: SharingRequest) -> Task:
    step = {State.COUNTERED: ANSWER_COUNTER, State.FINISHED: POST_CHECK}.get(row.state, DECIDE)
    asked_at = {
        DECIDE: row.submitted_at,
        ANSWER_COUNTER: row.decided_at,
        POST_CHECK: row.actual_ends_at,
    }[step] or row.created_at
    due_at = row.due_at or asked_at + timedelta(hours=policy.current().equipment.post_check_hours)
    return Task(step=step, request=row, due_at=due_at, allowed=due_at - asked_at)


_LONGER = Prepared(lambda: _extensions(HERE, {Permission.DECIDE}).order_by("due_at", "pk")[:MOST])
_OF_KEYS = Prepared(
    lambda: related(SharingRequest.objects.owned_by(HERE).filter(AnyOf("pk", Keys("keys"))))
)


def _extension_tasks(institution, permissions, most) -> list[Task]:
    if Permission.DECIDE not in permissions:
        return []
    changes = _LONGER.instances(here=institution.pk)[:most]
    by_request = {change.sharing_request_id: change for change in changes}
    rows = _OF_KEYS.instances(here=institution.pk, keys=by_request) if changes else []
    found = []
    for row in rows:
        change = by_request[row.pk]
        due_at = change.due_at or change.old_ends_at
        found.append(
            Task(
                step=ANSWER_EXTENSION,
                request=row,
                change=change,
                due_at=due_at,
                allowed=due_at - change.asked_at,
            )
        )
    return found


def _judge(found: list[Task], institution, now: datetime) -> None:
    judged = [task for task in found if task.step in (DECIDE, ANSWER_EXTENSION)]
    wishes = [wish_of(task.request, ends_at=task.ends_at) for task in judged]
    for task, context in zip(judged, contexts_of(wishes, now=now), strict=True):
        task.context, task.findings = context, findings_for_request(context)
    _add_rivals([task for task in judged if task.step == DECIDE], institution)
    _add_distances(found)


_RIVALS = Prepared(
    lambda: (
        SharingRequest.objects.owned_by(HERE)
        .filter(AnyOf("resource", Keys("resources")), state=State.REQUESTED)
        .select_related("borrower", "resource__site", "resource__institution")
        .order_by("submitted_at", "pk")
    )
)


def _add_rivals(found: list[Task], institution) -> None:
    """Undecided requests of others that want the same resource at the same time."""
    resources = {task.request.resource_id for task in found}
    rows = _RIVALS.instances(here=institution.pk, resources=resources) if resources else []
    for task in found:
        task.rivals = [row for row in rows if _meets(task.request, row)]


def _meets(one: SharingRequest, other: SharingRequest) -> bool:
    return (
        one.pk != other.pk
        and one.resource_id == other.resource_id
        and one.blocked_from < other.blocked_until
        and one.blocked_until > other.blocked_from
        and one.units + other.units > one.resource.units
    )


def _add_distances(found: list[Task]) -> None:
    """Kilometres between where the resource stands and where it goes."""
    borrowers = {task.request.borrower_id for task in found}
    main = {
        site.institution_id: site
        for site in Site.objects.directory().filter(is_main=True, institution__in=borrowers)
    }
    for task in found:
        place = task.request.delivery_site or main.get(task.request.borrower_id)
        if place is not None:
            task.distance = round(between_sites(task.request.resource.site, place), 1)
