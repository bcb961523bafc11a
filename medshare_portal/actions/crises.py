"""Crisis mode is declared, extended and ended by the city; it also ends by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, crisis_notices, policy, rates
from medshare_portal.db.errors import violates
from medshare_portal.models import (
    AuditEvent,
    Crisis,
    CrisisAct,
    CrisisCategory,
    CrisisReach,
    CrisisRelaxation,
    Institution,
    RoleGroup,
)
from medshare_portal.models.crisis import new_token
from medshare_portal.refusals import Refusal
from medshare_portal.relaxations import relaxations
from medshare_portal.roles import Permission, permissions_of

Act = CrisisAct.Act
MOST_EXPORTS = 10  # in a minute


class NotAnOfficial(Refusal):
    """Only the city's officials declare and act in a crisis."""

    message = _("You cannot do this here.")
    status = 404


class AlreadyRunning(Refusal):
    message = _("A crisis is running already: extend it, or end it first.")


class HasEnded(Refusal):
    message = _("This crisis has ended; its history is not changed any more.")


class WrongLength(Refusal):
    """Every crisis ends by itself, within what the policy allows; an extension ends later."""

    field = "hours"
    status = 422

    def __init__(self, hours: int):
        super().__init__(
            _("From now on 1 to %(hours)s hours, and later than the end so far.") % {"hours": hours}
        )


class ReachesNobody(Refusal):
    message = _("Choose at least two institutions, a kind and a rule to relax.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What an official fills in.  ``institutions`` None: all that take part now; ``hours`` until
    it ends by itself; ``relaxed`` are codes of ``relaxations``; ``categories`` (kind, key), those
    below included: of these kinds only they are reached."""

    name_en: str = ""
    name_zh: str = ""
    reason: str
    institutions: tuple[Institution, ...] | None = None
    kinds: tuple[str, ...]
    relaxed: tuple[str, ...]
    categories: tuple[tuple[str, int], ...] = ()
    hours: int
    wait_minutes: int


def require_city(by, permission: Permission = Permission.DECLARE_CRISIS) -> None:
    """Raise NotAnOfficial unless the person's roles for the city grant the permission."""
    groups = RoleGroup.objects.of_user(by).filter(institution__isnull=True)
    if permission not in permissions_of(groups.values_list("role", flat=True)):
        raise NotAnOfficial


def end_from(now: datetime, hours: int) -> datetime:
    """The automatic end so many hours from now.  Raises WrongLength beyond the policy's limit."""
    longest = policy.current().crisis.longest_hours
    if not 1 <= hours <= longest:
        raise WrongLength(longest)
    return now + timedelta(hours=hours)


def later_end(crisis: Crisis, now: datetime, hours: int) -> datetime:
    """The end to which a crisis may be extended, after the one so far.  Raises WrongLength."""
    ends_at = end_from(now, hours)
    if ends_at <= crisis.ends_at:
        raise WrongLength(policy.current().crisis.longest_hours)
    return ends_at


@transaction.atomic
def declare(*, declaration: Declaration, by, now: datetime) -> Crisis:
    """Start a crisis at once.  Raises NotAnOfficial, AlreadyRunning, WrongLength, ReachesNobody."""
    require_city(by)
    reached = reached_by(declaration)
    end_what_ran_out(now=now)
    crisis = Crisis(
        name_en=declaration.name_en,
        name_zh=declaration.name_zh,
        reason=declaration.reason,
        whole_city=declaration.institutions is None,
        notice_hours=policy.current().crisis.notice_hours,
        wait_minutes=declaration.wait_minutes,
        starts_at=now,
        declared_by=by,
        ends_at=end_from(now, declaration.hours),
        token=new_token(),
    )
    _open(crisis)
    CrisisReach.objects.bulk_create(
        CrisisReach(crisis=crisis, institution=institution, kind=kind)
        for institution in reached
        for kind in declaration.kinds
    )
    CrisisCategory.objects.bulk_create(
        CrisisCategory(crisis=crisis, kind=kind, category=category)
        for kind, category in declaration.categories
    )
    CrisisRelaxation.objects.bulk_create(
        CrisisRelaxation(crisis=crisis, code=code) for code in declaration.relaxed
    )
    _act(crisis, Act.DECLARED, by=by, now=now, reason=declaration.reason)
    return crisis


def reached_by(declaration: Declaration) -> list[Institution]:
    """The institutions within the scope, by key.  Raises ReachesNobody."""
    directory = Institution.objects.directory().order_by("pk")
    if declaration.institutions is not None:
        directory = directory.filter(pk__in=[each.pk for each in declaration.institutions])
    reached = list(directory)
    unknown = set(declaration.relaxed) - set(relaxations.names())
    astray = {kind for kind, _category in declaration.categories} - set(declaration.kinds)
    if len(reached) < 2 or not declaration.kinds or not declaration.relaxed or unknown or astray:
        raise ReachesNobody
    return reached


def _open(crisis: Crisis) -> None:
    try:
        with transaction.atomic():
            crisis.save()
    except IntegrityError as error:
        if violates(error, "crisis_one_open") or violates(error, "crisis.is_open"):  # SQLite's word
            raise AlreadyRunning from error
        raise


@transaction.atomic
def extend(*, crisis: Crisis, hours: int, reason: str, by, now: datetime) -> Crisis:
    """Move the automatic end to so many hours from now.  Raises HasEnded, WrongLength."""
    require_city(by)
    fresh = lock_running(crisis, now=now)
    ends_at, before = later_end(fresh, now, hours), fresh.ends_at
    _change(fresh, ends_at=ends_at)
    _act(fresh, Act.EXTENDED, by=by, now=now, reason=reason, before=before)
    return fresh


@transaction.atomic
def end(*, crisis: Crisis, reason: str, by, now: datetime) -> Crisis:
    """End it before its time.  Raises HasEnded."""
    require_city(by)
    fresh = lock_running(crisis, now=now)
    _change(fresh, is_open=False, ended_at=now)
    _act(fresh, Act.ENDED, by=by, now=now, reason=reason)
    return fresh


def end_what_ran_out(*, now: datetime) -> int:
    """Close what is past its automatic end, once, and tell; returns how many."""
    closed = 0
    for crisis in Crisis.objects.past_their_end(now).order_by("pk"):
        with transaction.atomic():
            fresh = Crisis.objects.select_for_update().get(pk=crisis.pk)
            if fresh.is_open and fresh.ends_at <= now:
                _change(fresh, is_open=False, ended_at=fresh.ends_at)
                _act(fresh, Act.RAN_OUT, by=None, now=now)
                closed += 1
    return closed


@transaction.atomic
def record_export(*, crisis: Crisis, file_format: str, by, now: datetime) -> None:
    """Audit that ``by`` took the after-action list along.  Raises rates.TooOften."""
    rates.take(user=by, what="export", most=MOST_EXPORTS, within=timedelta(minutes=1), now=now)
    audit.record(
        chains=[AuditEvent.CITY],
        by=by,
        action="crisis.exported",
        obj=crisis,
        now=now,
        data={"format": file_format},
    )


def lock_running(crisis, *, now: datetime) -> Crisis:
    """The crisis under lock, so that it cannot end meanwhile.  Raises HasEnded."""
    fresh = Crisis.objects.select_for_update().get(pk=crisis.pk)
    if not fresh.is_open or fresh.ends_at <= now:
        raise HasEnded
    return fresh


def _change(crisis: Crisis, **changes) -> None:
    for name, value in changes.items():
        setattr(crisis, name, value)
    crisis.token = new_token()
    crisis.save(update_fields=[*changes, "token"])


def _act(crisis: Crisis, act: Act, *, by, now: datetime, reason: str = "", before=None) -> None:
    """Log the act, tell everybody affected and write it into the city's trail."""
    logged = CrisisAct.objects.create(
        crisis=crisis, act=act, at=now, by=by, ends_at=crisis.until, reason=reason
    )
    crisis_notices.tell(crisis, logged, now=now)
    old = before.isoformat() if before else None
    audit.record(
        chains=[AuditEvent.CITY],
        by=by,
        action=f"crisis.{act.value}",
        obj=crisis,
        now=now,
        data={"ends_at": [old, crisis.until.isoformat()], "reason": reason},
    )
