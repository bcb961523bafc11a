"""Telling people that somebody wrote, or that the city joins: never what was written.

A person is told once in a quiet period however many messages come, and while that notice lies
unread only once a day.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext

from medshare_portal import policy
from medshare_portal.models import Institution, Notification
from medshare_portal.notices import keys_of_people_in, queue_for, registry
from medshare_portal.roles import Role
from scheduling import notices
from scheduling.models import Message, SharingRequest
from scheduling.notice_table import BOTH, RequestNotice
from scheduling.states import Side, Voice

AGAIN_IF_UNREAD = timedelta(days=1)
WRITTEN, CITY_JOINS, CITY_LEAVES = "message-written", "city-joins", "city-leaves"


class ConversationNotice(RequestNotice):
    """Leads to the conversation; an official to the city's page of it."""

    def url(self, notification) -> str:
        pk = notification.object_id
        if notification.institution is None:
            return reverse("city:conversation", args=[pk])
        return reverse("scheduling:request-conversation", args=[notification.institution.slug, pk])


for _row in (
    ConversationNotice(
        WRITTEN,
        BOTH,
        gettext_lazy("Somebody wrote to us about a request"),
        gettext_lazy("%(reference)s: %(writer)s wrote to you"),
        body=gettext_lazy("%(resource)s. Read and answer it in the portal."),
    ),
    ConversationNotice(
        CITY_JOINS,
        BOTH,
        gettext_lazy("The city was invited into a conversation"),
        gettext_lazy("%(reference)s: %(writer)s invited the city into the conversation"),
        body=gettext_lazy(
            "%(resource)s. Officials of the city read what is written from now on, and write."
        ),
    ),
    ConversationNotice(
        CITY_LEAVES,
        BOTH,
        gettext_lazy("The city left a conversation"),
        gettext_lazy("%(reference)s: the city no longer takes part in the conversation"),
        body=gettext_lazy("%(resource)s. Officials of the city read it no more."),
    ),
):
    registry.add(_row.code, _row)


def tell_of_message(message: Message, *, with_city: bool, now: datetime) -> None:
    """The other side, and the city where it takes part; what the city says goes to both."""
    asked = message.sharing_request
    context = notices.context_of(asked, "") | _writer(message.institution)
    for institution, people in _audience(message, with_city):
        queue_for(
            registry[WRITTEN],
            people=_not_told_lately(people - {message.author_id}, asked, now),
            institution=institution,
            event_key=f"{WRITTEN}:{asked.pk}:{message.pk}",
            context=context,
            now=now,
            object_id=asked.pk,
        )


def tell_of_city(code: str, asked: SharingRequest, *, by, key: str, now: datetime, inviter) -> None:
    """Both sides; the officials when they are invited."""
    context = notices.context_of(asked, "") | _writer(inviter)
    groups = [(_place(asked, side), _people(asked, side)) for side in BOTH]
    if code == CITY_JOINS:
        groups.append((None, set(keys_of_people_in((Role.CITY_OFFICIAL,), None))))
    for institution, people in groups:
        queue_for(
            registry[code],
            people=sorted(people - {by.pk}),
            institution=institution,
            event_key=f"{code}:{asked.pk}:{key}",
            context=context,
            now=now,
            object_id=asked.pk,
        )


def seen(*, user, asked: SharingRequest, now: datetime) -> None:
    """Who has read the conversation needs no notice of it any more."""
    mine = Notification.objects.addressed_to(user).filter(event=WRITTEN, object_id=asked.pk)
    mine.filter(read_at__isnull=True).update(read_at=now)


def _audience(message: Message, with_city: bool) -> list[tuple[Institution | None, set[int]]]:
    asked = message.sharing_request
    sides = [side for side in BOTH if side.value != message.voice]
    groups = [(_place(asked, side), _people(asked, side)) for side in sides]
    if with_city and message.voice != Voice.CITY:
        wrote = _writers(asked, Voice.CITY)
        groups.append((None, wrote or set(keys_of_people_in((Role.CITY_OFFICIAL,), None))))
    return groups


def _people(asked: SharingRequest, side: Side) -> set[int]:
    """Who decides or asked, and whoever of that side has written here and is still there."""
    return set(notices.people_of(asked, side, registry[WRITTEN])) | _writers(asked, side)


def _writers(asked: SharingRequest, voice: str) -> set[int]:
    """Authors who still have a role where they spoke from."""
    rows = Message.objects.of(asked).filter(voice=voice, author__is_active=True)
    place = asked.owner_id if voice == Side.OWNER else asked.borrower_id
    if voice == Voice.CITY:
        rows = rows.filter(author__groups__role_group__role=Role.CITY_OFFICIAL)
    else:
        rows = rows.filter(author__groups__role_group__institution=place)
    return set(rows.values_list("author", flat=True).distinct())


def _place(asked: SharingRequest, side: Side) -> Institution:
    return asked.owner if side == Side.OWNER else asked.borrower


def _not_told_lately(people: Collection[int], asked: SharingRequest, now: datetime) -> list[int]:
    quiet = timedelta(minutes=policy.current().request.message_quiet_minutes)
    lately = Q(created_at__gt=now - quiet)
    waiting = Q(read_at__isnull=True, created_at__gt=now - AGAIN_IF_UNREAD)
    told = Notification.objects.told_of(WRITTEN, asked.pk).filter(user__in=people)
    return sorted(set(people) - set(told.filter(lately | waiting).values_list("user", flat=True)))


def _writer(institution: Institution | None) -> dict:
    """Who wrote, in both languages: an institution or the city."""
    if institution is not None:
        english, chinese = institution.name_en, institution.name_zh
        return {"writer_en": english or chinese, "writer_zh": chinese or english}
    names = {}
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            names[f"writer_{suffix}"] = pgettext("who writes", "The city")
    return names
