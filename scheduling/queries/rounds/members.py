"""Consortia in rounds: who is a member of one, and to which an institution belongs."""

from datetime import datetime

from django.utils import timezone

from medshare_portal.models import Consortium, ConsortiumMembership, Institution


def members_of(consortium_id: int, now: datetime) -> frozenset[int]:
    """Keys of the institutions that are members today."""
    rows = _today(now).filter(consortium=consortium_id)
    return frozenset(rows.values_list("institution", flat=True))


def slugs_of_members(consortium_id: int, now: datetime) -> list[str]:
    keys = members_of(consortium_id, now)
    rows = Institution.objects.directory().filter(pk__in=keys).order_by("slug")
    return list(rows.values_list("slug", flat=True))


def consortia_of(institution: Institution, now: datetime):
    """Those of which it is a member today."""
    mine = _today(now).filter(institution=institution)
    return Consortium.objects.filter(pk__in=mine.values("consortium")).order_by("slug", "pk")


def _today(now: datetime):
    """By the city's calendar; the last day of a membership counts."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    return ConsortiumMembership.objects.on(today)
