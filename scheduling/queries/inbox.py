"""What waits for an institution's answer, by time left, with the verdict of the rules."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import BigIntegerField

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.models import Site
from resources.distance import between_sites
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, TimeChange
from scheduling.queries.inbox_keys import Key
from scheduling.queries.related import related_of_any
from scheduling.queries.rule_facts import contexts_of, wish_of
from scheduling.queries.task import (
    ANSWER_COUNTER,
    ANSWER_EXTENSION,
    DECIDE,
    POST_CHECK,
    Task,
)
from scheduling.rules import findings_for_request
from scheduling.states import State

DONE_DAYS = 30
HERE = Bind("here", BigIntegerField())


def related(requests):
    """With all that rows, rules and pages of a request read."""
    return requests.select_related(
        *related_of_any("resource__"),
        "owner",
        "borrower",
        "offer",
        "created_by",
        "delivery_site",
        "basket",
        "series",
    )


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


def tasks_of(keys: Collection[Key], institution, *, now: datetime) -> list[Task]:
    """The tasks of these keys in their order, judged; a constant number of queries.

    What was answered since the keys were read is left out.
    """
    numbers = {key.pk for key in keys}
    rows = _OF_KEYS.instances(here=institution.pk, keys=numbers) if numbers else []
    requests = {row.pk: row for row in rows}
    changes = _changes([key.change_pk for key in keys if key.change_pk], institution)
    found = [
        _extension_task(requests[key.pk], changes[key.change_pk], key.due_at)
        if key.change_pk
        else _task_of(requests[key.pk])
        for key in keys
        if key.pk in requests and (key.change_pk is None or key.change_pk in changes)
    ]
    _judge(found, institution, now)
    return found


_OF_KEYS = Prepared(
    lambda: related(SharingRequest.objects.concerning(HERE).filter(AnyOf("pk", Keys("keys"))))
)
_CHANGES = Prepared(lambda: TimeChange.objects.concerning(HERE).filter(AnyOf("pk", Keys("keys"))))


def _changes(numbers: list[int], institution) -> dict[int, TimeChange]:
    rows = _CHANGES.instances(here=institution.pk, keys=numbers) if numbers else []
    return {change.pk: change for change in rows}


def _extension_task(row: SharingRequest, change: TimeChange, due_at: datetime) -> Task:
    allowed = due_at - change.asked_at
    return Task(step=ANSWER_EXTENSION, request=row, change=change, due_at=due_at, allowed=allowed)


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
    due_at = row.answer_due_at or asked_at
    return Task(step=step, request=row, due_at=due_at, allowed=due_at - asked_at)


def _judge(found: list[Task], institution, now: datetime) -> None:
    judged = [task for task in found if task.step in (DECIDE, ANSWER_EXTENSION)]
    timed = [task for task in judged if kinds[task.request.kind].judge is None]
    wishes = [wish_of(task.request, ends_at=task.ends_at) for task in timed]
    for task, context in zip(timed, contexts_of(wishes, now=now), strict=True):
        task.context, task.findings = context, findings_for_request(context)
    _judge_by_kind([task for task in judged if task not in timed], institution, now)
    _add_rivals([task for task in timed if task.step == DECIDE], institution)
    _add_distances(found)


def _judge_by_kind(found: list[Task], institution, now: datetime) -> None:
    """What claims no time is judged by its kind, all requests of one kind together."""
    for kind in kinds:
        own = [task for task in found if task.request.kind == kind.code]
        if own:
            said = kind.judge([task.request for task in own], now, reader=institution)
            for task, findings in zip(own, said, strict=True):
                task.findings = findings


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
