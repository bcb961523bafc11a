"""Somebody is away and a colleague stands in: entered, ended early; ends by itself."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.memberships import main_sites, membership_at
from medshare_portal.models import Absence, Institution, User
from medshare_portal.notices_absences import AbsenceEnded, EnteredAway, StandsIn, tell
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, permissions_of


class NotForOthers(Refusal):
    """Entering for others, or ending theirs, needs the right as one's own."""

    message = _("You may enter only your own absence here.")
    status = 403
    field = "user"


class NotAColleague(Refusal):
    message = _("Choose somebody who has a role here.")
    status = 422

    def __init__(self, field: str):
        super().__init__()
        self.field = field


class NamesItself(Refusal):
    """Nobody takes the roles of another by an entry of the own."""

    message = _("Who enters an absence for a colleague cannot be the deputy.")
    status = 422
    field = "deputy"


class OwnDeputy(Refusal):
    message = _("Nobody stands in for themselves.")
    status = 422
    field = "deputy"


class DeputyAway(Refusal):
    message = _("This colleague is away on some of these days.")
    status = 422
    field = "deputy"


class AwayAlready(Refusal):
    message = _("An absence is entered for some of these days already. End that first.")
    status = 422
    field = "from_day"


class BadDays(Refusal):
    status = 422

    def __init__(self, message, field: str):
        super().__init__(message)
        self.field = field


class Over(Refusal):
    message = _("This absence is over.")
    status = 409


def today_at(institution: Institution, now: datetime) -> date:
    """The day on the clock of the main site."""
    return now.astimezone(_zone(institution)).date()


def _zone(institution: Institution) -> ZoneInfo:
    site = main_sites(institution).first()
    return ZoneInfo(site.time_zone) if site else timezone.get_default_timezone()


def may_enter_for_others(user: User, institution: Institution) -> bool:
    """By its own role: a deputy names no further deputies."""
    own = membership_at(user, institution).own
    return Permission.NAME_DEPUTY in permissions_of(own)


def enter(
    *,
    institution: Institution,
    user: User,
    deputy: User,
    from_day: date,
    until_day: date,
    note: str = "",
    by: User,
    now: datetime,
) -> Absence:
    """``deputy`` gets the roles of ``user`` there on these days.

    Locks both people, in the order of their keys: of two entries at once one sees the other.
    Raises NotForOthers, NotAColleague, NamesItself, OwnDeputy, DeputyAway, AwayAlready, BadDays.
    """
    _people_fit(institution, user, deputy, by)
    _days_fit(institution, from_day, until_day, now)
    keys = [user.pk, deputy.pk]
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    zone = _zone(institution)
    absence = Absence(
        institution=institution,
        user=user,
        deputy=deputy,
        from_day=from_day,
        until_day=until_day,
        starts_at=datetime.combine(from_day, time(0), zone),
        ends_at=datetime.combine(until_day + timedelta(days=1), time(0), zone),
        note=note,
        entered_by=by,
        entered_at=now,
    )
    if _meeting(absence, user).exists():
        raise AwayAlready
    if _meeting(absence, deputy).exists():
        raise DeputyAway
    absence.save(force_insert=True)
    tell(StandsIn, absence, users=[deputy] if deputy.pk != by.pk else [], now=now)
    tell(EnteredAway, absence, users=[user] if user.pk != by.pk else [], now=now)
    _audit("absence.entered", absence, by=by, now=now)
    return absence


def end(*, absence: Absence, by: User, now: datetime) -> Absence:
    """The person is back: the deputy has nothing more from now on.  Raises Over, NotForOthers."""
    institution = absence.institution
    concerned = by.pk in (absence.user_id, absence.deputy_id)
    if not concerned and not may_enter_for_others(by, institution):
        raise NotForOthers
    rows = Absence.objects.owned_by(institution).filter(pk=absence.pk, ends_at__gt=now)
    ends_at = max(absence.starts_at, now)
    if not rows.update(ends_at=ends_at, ended_by=by):
        raise Over
    absence.ends_at, absence.ended_by = ends_at, by
    others = [user for user in (absence.user, absence.deputy) if user.pk != by.pk]
    tell(AbsenceEnded, absence, users=others, now=now)
    _audit("absence.ended", absence, by=by, now=now)
    return absence


def _people_fit(institution: Institution, user: User, deputy: User, by: User) -> None:
    for_other = by.pk != user.pk
    if for_other and not may_enter_for_others(by, institution):
        raise NotForOthers
    if user.pk == deputy.pk:
        raise OwnDeputy
    if for_other and deputy.pk == by.pk:
        raise NamesItself
    for person, field in ((user, "user"), (deputy, "deputy")):
        if not person.is_active or not membership_at(person, institution).own:
            raise NotAColleague(field)


def _days_fit(institution: Institution, from_day: date, until_day: date, now: datetime) -> None:
    limits, today = policy.current().absence, today_at(institution, now)
    if until_day < from_day:
        raise BadDays(_("The last day is before the first."), "until_day")
    if from_day < today:
        raise BadDays(_("An absence begins today or later."), "from_day")
    if from_day > today + timedelta(days=limits.ahead_days):
        raise BadDays(_("This is too far ahead."), "from_day")
    if until_day - from_day >= timedelta(days=limits.longest_days):
        words = _("An absence lasts at most %(days)s days.") % {"days": limits.longest_days}
        raise BadDays(words, "until_day")


def _meeting(absence: Absence, user: User):
    """Absences of a person there that meet these days."""
    return Absence.objects.owned_by(absence.institution).filter(
        user=user, starts_at__lt=absence.ends_at, ends_at__gt=absence.starts_at
    )


def _audit(action: str, absence: Absence, *, by: User, now: datetime) -> None:
    audit.record(
        chains=[absence.institution.slug],
        by=by,
        action=action,
        obj=absence,
        now=now,
        label=str(absence.user),
        data={
            "deputy": str(absence.deputy),
            "from_day": absence.from_day.isoformat(),
            "until_day": absence.until_day.isoformat(),
        },
    )
