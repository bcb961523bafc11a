"""Notices: what people are told, in the portal and by e-mail.

A notice is a class with texts, or a row of a table of them; a ``Notification`` row is queued in
the action's transaction, one per event and person, and sent by the job runner, which asks
``still_relevant`` first.  Apps register their notices in ``notices.py``
(``scheduling/notices.py`` has the workflow's).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField
from django.utils.translation import gettext as _

from medshare_portal.bilingual import is_chinese
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.db.prepared_writes import PreparedInsert
from medshare_portal.models import (
    Absence,
    Institution,
    Notification,
    NotificationPreference,
    RoleGroup,
    User,
)
from medshare_portal.registry import Registry
from medshare_portal.roles import Permission, Role, roles_with

QUEUED = PreparedInsert(Notification, conflict="(user_id, event_key) DO NOTHING")
registry: Registry["Notice | type[Notice]"] = Registry("notice")


class Notice:
    """Base.  ``label`` names the event in a person's preferences.

    ``subject`` and ``body`` are lazy texts with ``%(name)s`` places, filled from
    ``notification.context`` (plain strings and numbers; ``*_en``/``*_zh`` pairs are merged into
    the reader's language).  ``mark`` is set before every subject (an emergency, a crisis), ``note``
    after every body.  ``url`` is the path in the portal; ``context["links"]`` may hold more
    of them, each with ``label_en``, ``label_zh`` and ``url``.
    """

    code: str
    label: str
    subject: str
    body: str = ""
    urgent = False  # mailed at once even for people who chose the digest
    by_default = NotificationPreference.Channel.NOW  # for people who chose nothing

    @classmethod
    def url(cls, notification: Notification) -> str:
        return notification.context.get("url", "")

    @classmethod
    def still_relevant(cls, notification: Notification) -> bool:
        return True


def notice(cls: type[Notice]) -> type[Notice]:
    """Class decorator that registers a notice under its code."""
    return registry.add(cls.code, cls)


def queue(
    notice_class: type[Notice],
    *,
    users: Iterable[User],
    institution: Institution | None,
    event_key: str,
    context: dict,
    now: datetime,
    object_id: int | None = None,
) -> None:
    """Queue one notification per person; the same event key is told to a person only once."""
    queue_for(
        notice_class,
        people=[user.pk for user in users],
        institution=institution,
        event_key=event_key,
        context=context,
        now=now,
        object_id=object_id,
    )


def queue_for(
    notice_class: type[Notice],
    *,
    people: Iterable[int],
    institution: Institution | None,
    event_key: str,
    context: dict,
    now: datetime,
    object_id: int | None = None,
) -> None:
    """The same for people of whom only the keys were read (``keys_of_people_with``)."""
    QUEUED.many(
        Notification(
            user_id=person,
            institution_id=institution.pk if institution else None,
            event=notice_class.code,
            event_key=event_key,
            object_id=object_id,
            context=context,
            created_at=now,
        )
        for person in people
    )


def people_with(permission: Permission, institution: Institution, kind: str | None = None):
    """Active people who hold a permission at an institution, over one kind or over any."""
    roles = roles_with(permission, kind)
    groups = RoleGroup.objects.owned_by(institution).filter(role__in=roles)
    people = User.objects.filter(is_active=True, groups__role_group__in=groups)
    return people.distinct().order_by("pk")


def keys_of_people_in(roles: Iterable[Role], institution: Institution) -> list[int]:
    """The keys of active people who have one of these roles at an institution, or stand in for
    somebody who has."""
    groups = RoleGroup.objects.owned_by(institution).filter(role__in=list(roles))
    people = User.objects.filter(is_active=True, groups__role_group__in=groups)
    deputies = _deputies(groups, institution)
    return sorted(people.values_list("pk", flat=True).union(deputies.values_list("pk", flat=True)))


def _deputies(groups, institution):
    """Active colleagues who stand in for somebody in these groups at the institution."""
    away = (
        Absence.objects.owned_by(institution).running().filter(user__groups__role_group__in=groups)
    )
    here = RoleGroup.objects.owned_by(institution)
    return User.objects.filter(is_active=True, stands_in__in=away, groups__role_group__in=here)


def keys_of_city_officials() -> list[int]:
    """The keys of active people who are officials of the city."""
    people = User.objects.filter(
        is_active=True,
        groups__role_group__role=Role.CITY_OFFICIAL,
        groups__role_group__institution=None,
    )
    return list(people.distinct().order_by("pk").values_list("pk", flat=True))


@cache
def _people(permission: Permission, kind: str | None) -> Prepared:
    institution = Bind("institution", BigIntegerField())

    def all_keys():
        roles = roles_with(permission, kind)
        groups = RoleGroup.objects.owned_by(institution).filter(role__in=roles)
        own = User.objects.filter(is_active=True, groups__role_group__in=groups)
        deputies = _deputies(groups, institution)
        return own.values_list("pk").union(deputies.values_list("pk"))

    return Prepared(all_keys)


def keys_of_people_with(
    permission: Permission, institution: Institution, kind: str | None = None
) -> list[int]:
    """The keys of ``people_with`` and of those who stand in for one of them."""
    return sorted(_people(permission, kind).column(institution=institution.pk))


def render(notification: Notification) -> dict:
    """Subject, body, url and further links (label, url) in the active language."""
    if notification.event not in registry:
        return {"subject": _("Notice"), "body": "", "url": "", "links": []}
    notice_class = registry[notification.event]
    context = _localised_context(notification.context)
    return {
        "subject": _joined(" · ", context.get("mark"), str(notice_class.subject % context)),
        "body": _joined(" ", str(notice_class.body % context), context.get("note")),
        "url": notice_class.url(notification),
        "links": [_localised_context(link) for link in notification.context.get("links", ())],
    }


def _joined(between: str, *parts: str | None) -> str:
    return between.join(part.strip() for part in parts if part)


def _localised_context(context: dict) -> dict:
    mine, other = ("_zh", "_en") if is_chinese() else ("_en", "_zh")
    merged = dict(context)
    for key in context:
        if key.endswith(mine):
            name = key.removesuffix(mine)
            merged[name] = context[key] or context.get(name + other, "")
    return merged
