"""Working hours of a site, and days that are otherwise."""

from datetime import date, time

from medshare_portal.models import Institution, Site, SpecialDay, WorkingTime


def working_time(site: Site, weekday: int, starts: str, ends: str) -> WorkingTime:
    return WorkingTime.unscoped.create(
        site=site,
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
    )


def special_day(
    day: date, sort: str, *, institution: Institution | None = None, **fields
) -> SpecialDay:
    return SpecialDay.unscoped.create(day=day, sort=sort, institution=institution, **fields)
