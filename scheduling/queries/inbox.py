"""What waits for an institution's answer, by time left, with the verdict of the rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, Count, Q, Value
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.findings import Findings
from medshare_portal.models import Site
from medshare_portal.roles import Permission, Rights
from resources.distance import between_sites
from resources.kinds import kinds
from scheduling.models import SharingRequest, TimeChange
from scheduling.queries.related import related_of_any
from scheduling.queries.rule_facts import contexts_of, wish_of
from scheduling.rules import RuleContext, findings_for_request
from scheduling.states import ChangeKind, ChangeStatus, Side, State

MOST = 200  # rows of one inbox page; the counts are exact beyond it
DONE_DAYS = 30
HERE = Bind("here", BigIntegerField())
# Who answers what: a permission, the side that holds it, and the state that waits for it.
ANSWERS = {
    Permission.DECIDE: (Side.OWNER, State.REQUESTED),
    Permission.ASK: (Side.BORROWER, State.COUNTERED),
    Permission.POST_CHECK: (Side.OWNER, State.FINISHED),
}

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
    return requests.select_related(
        *related_of_any("resource__"),
        "owner",
        "borrower",
        "offer",
        "created_by",
        "delivery_site",
    )


def every_right() -> Rights:
    """What all colleagues together may answer."""
    return frozenset((permission, kind.code) for permission in ANSWERS for kind in kinds)


def _able(rights: Rights) -> Rights:
    """Of these rights those that answer something."""
    return frozenset(right for right in rights if right[0] in ANSWERS)


def _over(permission: Permission, rights: Rights) -> list[str]:
    """The kinds over which these rights hold the permission."""
    return sorted(kind for held, kind in rights if held == permission)


def _conditions(institution, rights: Rights) -> Q:
    """Requests that wait for an answer these rights may give."""
    wanted = Q(pk__in=[])
    for permission, (side, state) in ANSWERS.items():
        if over := _over(permission, rights):
            wanted |= Q(**{side.value: institution}, state=state, kind__in=over)
    return wanted


def _extensions(institution, rights: Rights):
    rows = TimeChange.objects.concerning(institution).filter(
        kind=ChangeKind.EXTENSION, status=ChangeStatus.PENDING
    )
    over = _over(Permission.DECIDE, rights)
    if not over:
        return rows.none()
    return rows.filter(sharing_request__owner=institution, sharing_request__kind__in=over)


def waiting_count(institution, rights: Rights) -> int:
    """How many answers wait for somebody with these rights; one statement for every page."""
    able = _able(rights)
    return sum(_waiting(able).column(here=institution.pk)) if able else 0


@cache
def _waiting(rights: Rights) -> Prepared:
    """Two numbers for those who hold these rights: requests, extensions."""

    def both():
        requests = SharingRequest.objects.concerning(HERE)
        asked = _counted(requests.filter(_conditions(HERE, rights)))
        longer = _counted(_extensions(HERE, rights))
        return asked.union(longer, all=True) if _over(Permission.DECIDE, rights) else asked

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


def tasks(institution, *, rights: Rights, now: datetime, most: int = MOST) -> list[Task]:
    """The most urgent tasks, judged; a constant number of queries."""
    able = _able(rights)
    waiting = _rows(able, most).instances(here=institution.pk) if able else []
    found = [_task_of(row) for row in waiting] + _extension_tasks(institution, able, most)
    found.sort(key=lambda task: (task.due_at, task.request.pk))
    del found[most:]
    _judge(found, institution, now)
    return found


@cache
def _rows(rights: Rights, most: int) -> Prepared:
    """The most urgent requests for those who hold these rights."""

    def waiting():
        rows = SharingRequest.objects.concerning(HERE).filter(_conditions(HERE, rights))
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


@cache
def _longer(rights: Rights) -> Prepared:
    return Prepared(lambda: _extensions(HERE, rights).order_by("due_at", "pk")[:MOST])


_OF_KEYS = Prepared(
    lambda: related(SharingRequest.objects.owned_by(HERE).filter(AnyOf("pk", Keys("keys"))))
)


def _extension_tasks(institution, rights: Rights, most) -> list[Task]:
    if not _over(Permission.DECIDE, rights):
        return []
    changes = _longer(rights).instances(here=institution.pk)[:most]
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
