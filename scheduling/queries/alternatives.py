"""Ways round a conflict: other times, a part of the time, another unit, two units in turn."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from medshare_portal.local_times import (
    describe_duration,
    describe_hours,
    describe_moment,
    describe_period,
)
from resources.intervals import Interval, clip
from resources.models import Offer, Resource
from scheduling.queries.availability import published_offer, usable_intervals
from scheduling.queries.free_search import search_free
from scheduling.queries.free_values import Candidate

FAR_SHIFT = timedelta(days=7)
SHORTEST = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
MOST_UNITS = 3
SHIFT, SHORTEN, OTHER_UNIT, SPLIT = "shift", "shorten", "other_unit", "split"


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One way round.  A split has a second leg: ``then_resource`` takes over at ``then_at``."""

    kind: str  # shift, shorten, other_unit, split
    resource: Resource
    offer: Offer
    starts_at: datetime
    ends_at: datetime
    text: str
    detail: str = ""
    distance_km: float | None = None
    then_resource: Resource | None = None
    then_at: datetime | None = None


def alternatives(
    *,
    resource,
    institution,
    starts_at: datetime,
    ends_at: datetime,
    units: int,
    now: datetime,
    limit: int = 5,
    mode: str = "",
    site=None,
    ignoring=None,
    with_others: Collection[str] = (OTHER_UNIT, SPLIT),
) -> list[Alternative]:
    """The nearest ways round, of each kind at least one where there is one.

    ``resource`` was fetched through a scope; ``with_others``: the ways in which units of others are
    looked for.  About sixteen queries, whatever the city's size.
    """
    offer = published_offer(resource)
    found: list[Alternative] = []
    own_free: list[Interval] = []
    if offer is not None:
        free = usable_intervals(
            [resource],
            starts_at - FAR_SHIFT,
            ends_at + FAR_SHIFT,
            now=now,
            offers={resource.pk: offer},
            units=units,
            mode=mode,
            ignoring=ignoring,
        )[resource.pk]
        earliest = quarter_up(now + timedelta(hours=offer.notice_hours))
        free = clip(free, earliest, ends_at + 2 * FAR_SHIFT)
        own_free = clip(free, starts_at, ends_at)
        wished = Wished(resource, offer, starts_at, ends_at)
        found += wished.shortened(own_free) + wished.shifted(free)
    if with_others:
        others = _others(resource, institution, starts_at, ends_at, units, now, mode, site)
        whole = [_other_unit(one, starts_at, ends_at) for one in others if one.is_full]
        found += whole[:2] if OTHER_UNIT in with_others else []
        if SPLIT in with_others and not any(way.kind == OTHER_UNIT for way in found):
            others = [one for one in others if not one.is_full]
            found += _splits(resource, offer, own_free, others, starts_at, ends_at)[:1]
    return found[:limit]


def other_units(
    *, resource, institution, starts_at, ends_at, units: int, now: datetime, site=None
) -> list[Alternative]:
    """Units of others for the whole time; failing that two in turn, or the longest parts of it."""
    others = _others(resource, institution, starts_at, ends_at, units, now, "", site)
    full = [_other_unit(one, starts_at, ends_at) for one in others if one.is_full]
    return full[:MOST_UNITS] or _in_parts(resource, others, starts_at, ends_at)


def units_in_parts(
    *, resource, institution, starts_at, ends_at, units: int, now: datetime, site=None
) -> list[Alternative]:
    """Two units of others in turn, or the longest parts of the time that one has free."""
    others = _others(resource, institution, starts_at, ends_at, units, now, "", site)
    others = [one for one in others if not one.is_full]
    return _in_parts(resource, others, starts_at, ends_at)


def _in_parts(resource, others: list[Candidate], starts_at, ends_at) -> list[Alternative]:
    parts = [_part(one) for one in others if _longest_part(one)]
    return [*_splits(resource, None, [], others, starts_at, ends_at)[:1], *parts][:MOST_UNITS]


def _longest_part(one: Candidate) -> Interval | None:
    parts = [part for part in one.free_intervals if part[1] - part[0] >= SHORTEST]
    return max(parts, key=lambda part: part[1] - part[0], default=None)


def _part(one: Candidate) -> Alternative:
    first, last = _longest_part(one)
    zone = ZoneInfo(one.resource.site.time_zone)
    detail = _("%(code)s, free %(period)s")
    words = {"code": one.resource.code, "period": describe_period(first, last, tz=zone)}
    return replace(_other_unit(one, first, last), detail=detail % words)


@dataclass(frozen=True)
class Wished:
    """The same unit at other times."""

    resource: Resource
    offer: Offer
    starts_at: datetime
    ends_at: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.resource.site.time_zone)

    def shortened(self, free: list[Interval]) -> list[Alternative]:
        """The longest free part of the wished time."""
        parts = [part for part in free if part[1] - part[0] >= SHORTEST]
        longest = max(parts, key=lambda part: part[1] - part[0], default=None)
        if longest is None or longest == (self.starts_at, self.ends_at):
            return []
        first, last = longest
        changes = []
        if first != self.starts_at:
            changes.append(_("start %(when)s") % {"when": describe_moment(first, tz=self.zone)})
        if last != self.ends_at:
            changes.append(_("end %(when)s") % {"when": describe_moment(last, tz=self.zone)})
        text = _("Shorten: %(changes)s") % {"changes": _(", ").join(changes)}
        return [self._alternative(SHORTEN, first, last, text)]

    def shifted(self, free: list[Interval]) -> list[Alternative]:
        """The nearest start before and after at which the whole length fits."""
        length = self.ends_at - self.starts_at
        starts = [
            min(max(first, self.starts_at), last - length)
            for first, last in free
            if last - first >= length
        ]
        earlier = max((start for start in starts if start < self.starts_at), default=None)
        later = min((start for start in starts if start > self.starts_at), default=None)
        moves = [start for start in (earlier, later) if start is not None]
        moves = [start for start in moves if abs(start - self.starts_at) <= FAR_SHIFT]
        moves.sort(key=lambda start: abs(start - self.starts_at))
        return [
            self._alternative(SHIFT, start, start + length, self._shift_words(start, length))
            for start in moves
        ]

    def _shift_words(self, start: datetime, length: timedelta) -> str:
        words = {
            "shift": describe_duration(start - self.starts_at),
            "length": describe_hours(length),
        }
        if start > self.starts_at:
            return _("Start %(shift)s later, keep %(length)s") % words
        return _("Start %(shift)s earlier, keep %(length)s") % words

    def _alternative(self, kind: str, first: datetime, last: datetime, text: str) -> Alternative:
        detail = _("%(from)s – %(until)s · %(length)s") % {
            "from": describe_moment(first, tz=self.zone),
            "until": describe_moment(last, tz=self.zone),
            "length": describe_hours(last - first),
        }
        return Alternative(
            kind=kind,
            resource=self.resource,
            offer=self.offer,
            starts_at=first,
            ends_at=last,
            text=text,
            detail=detail,
        )


def _others(resource, institution, starts_at, ends_at, units, now, mode, site) -> list[Candidate]:
    result = search_free(
        institution=institution,
        now=now,
        kind=resource.kind,
        category=resource.category,
        starts_at=starts_at,
        ends_at=ends_at,
        units=units,
        mode=mode or None,
        site=site,
    )
    return [one for one in result if one.resource.pk != resource.pk]


def _other_unit(one: Candidate, starts_at: datetime, ends_at: datetime) -> Alternative:
    return Alternative(
        kind=OTHER_UNIT,
        resource=one.resource,
        offer=one.offer,
        starts_at=starts_at,
        ends_at=ends_at,
        distance_km=one.distance_km,
        text=_("Take %(name)s of %(institution)s")
        % {"name": one.resource.name, "institution": one.resource.institution.name},
        detail=_("%(code)s, at the time asked for") % {"code": one.resource.code},
    )


def _splits(resource, offer, own_free, others, starts_at, ends_at) -> list[Alternative]:
    """One unit from the start, another until the end; the first that meet."""
    units = [(one.resource, one.offer, one.free_intervals) for one in others]
    if offer is not None:
        units.insert(0, (resource, offer, own_free))
    found = []
    for first, terms, free in units:
        until = next((last for begin, last in free if begin <= starts_at < last), None)
        for second, _terms, later in units:
            since = next((begin for begin, last in later if last >= ends_at), None)
            if until and since and second is not first and since <= until < ends_at:
                found.append(_split(first, terms, second, until, starts_at, ends_at))
    return found


def _split(first, offer, second, until, starts_at, ends_at) -> Alternative:
    zone = ZoneInfo(first.site.time_zone)
    return Alternative(
        kind=SPLIT,
        resource=first,
        offer=offer,
        starts_at=starts_at,
        ends_at=ends_at,
        then_resource=second,
        then_at=until,
        text=_("%(first)s, then %(second)s")
        % {
            "first": f"{first.institution.name} {first.code}",
            "second": f"{second.institution.name} {second.code}",
        },
        detail=_("Change over %(when)s") % {"when": describe_moment(until, tz=zone)},
    )


def quarter_up(moment: datetime) -> datetime:
    """The next full quarter of an hour."""
    past = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (QUARTER - past) if past else moment
