"""What people are told while they wait in line."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.notices import Notice, keys_of_people_with, notice, queue_for
from medshare_portal.roles import Permission
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.waiting import WaitState

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


class OfEntry(Notice):
    """Base: a notice about one entry of the wait-list, whose key is the object's."""

    states: tuple[str, ...] = ()

    @classmethod
    def url(cls, notification) -> str:
        return reverse("scheduling:waitlist", args=[notification.institution.slug])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        own = WaitlistEntry.objects.owned_by(notification.institution)
        return own.filter(pk=notification.object_id, state__in=cls.states).exists()


@notice
class PlaceOffered(OfEntry):
    code = "waitlist-place"
    label = _("A place from the wait-list is offered to us")
    subject = _("A place is free: %(resource)s, answer by %(until)s")
    body = _("%(owner)s has %(resource)s free %(period)s. It is held for you until %(until)s.")
    urgent = True
    states = (WaitState.OFFERED,)

    @classmethod
    def url(cls, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:waitlist-accept", args=[slug, notification.object_id])


@notice
class PlaceMissed(OfEntry):
    code = "waitlist-missed"
    label = _("A place offered to us ran out")
    subject = _("The offered place for %(wanted)s ran out")
    body = _("Nobody of yours took it up in time, so it went to the next in line.")
    states = (WaitState.MISSED,)


@notice
class PlaceGone(OfEntry):
    code = "waitlist-gone"
    label = _("A place offered to us can no longer be had")
    subject = _("The offered place for %(wanted)s can no longer be had")
    body = _("It is offered to you no longer. You keep waiting, at the same place in the line.")
    states = (WaitState.WAITING,)


@notice
class WaitedInVain(OfEntry):
    code = "waitlist-expired"
    label = _("We waited in vain")
    subject = _("Nothing became free: %(wanted)s")
    body = _("The time to begin has passed. Post a need if you still look for it.")
    states = (WaitState.EXPIRED,)


def place_offered(
    entry: WaitlistEntry, held: SharingRequest, until: datetime, *, now: datetime
) -> None:
    resource, owner = held.resource, held.owner
    context = _wanted(entry) | {
        "resource_en": f"{resource.name_en or resource.name_zh} {resource.code}",
        "resource_zh": f"{resource.name_zh or resource.name_en} {resource.code}",
        "owner_en": owner.name_en or owner.name_zh,
        "owner_zh": owner.name_zh or owner.name_en,
    }
    for suffix, language in LANGUAGES:
        with translation.override(language):
            context[f"until_{suffix}"] = describe_moment(until)
            context[f"period_{suffix}"] = describe_period(held.starts_at, held.ends_at)
    _tell(PlaceOffered, entry, context, now, place=held.pk)


def place_missed(entry: WaitlistEntry, *, now: datetime) -> None:
    _tell(PlaceMissed, entry, _wanted(entry), now)


def place_gone(entry: WaitlistEntry, held: SharingRequest, *, now: datetime) -> None:
    _tell(PlaceGone, entry, _wanted(entry), now, place=held.pk)


def waited_in_vain(entry: WaitlistEntry, *, now: datetime) -> None:
    _tell(WaitedInVain, entry, _wanted(entry), now)


def _wanted(entry: WaitlistEntry) -> dict:
    wanted = entry.wanted
    return {
        "wanted_en": wanted.name_en or wanted.name_zh,
        "wanted_zh": wanted.name_zh or wanted.name_en,
    }


def _tell(
    notice_class: type[Notice],
    entry: WaitlistEntry,
    context: dict,
    now: datetime,
    place: int | None = None,
) -> None:
    """Who joined the line, once for each ``place``; all who may ask, when that person left."""
    if entry.created_by.is_active:
        people = [entry.created_by_id]
    else:
        people = keys_of_people_with(Permission.ASK, entry.borrower, entry.kind)
    queue_for(
        notice_class,
        people=people,
        institution=entry.borrower,
        event_key=f"{notice_class.code}:{entry.pk}" + (f":{place}" if place else ""),
        context=context,
        now=now,
        object_id=entry.pk,
    )
