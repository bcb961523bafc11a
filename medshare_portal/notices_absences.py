"""Notices about absences: to the person, and to who stands in."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Absence
from medshare_portal.notices import Notice, notice, queue


class AbsenceNotice(Notice):
    body = _(
        "%(where)s: away from %(from_day)s to %(until_day)s. Meanwhile the deputy has the "
        "person's roles there; every step is recorded as made in the person's place."
    )
    urgent = True

    @classmethod
    def url(cls, notification) -> str:
        return reverse("portal:absences", args=[notification.institution.slug])


@notice
class StandsIn(AbsenceNotice):
    code = "absence.deputy"
    label = _("I am named as a deputy")
    subject = _("You stand in for %(person)s")


@notice
class EnteredAway(AbsenceNotice):
    """To the person, when somebody else entered it: roles are given away in the own name."""

    code = "absence.entered"
    label = _("Somebody has entered an absence of mine")
    subject = _("You were entered as away; %(deputy)s stands in")


@notice
class AbsenceEnded(AbsenceNotice):
    code = "absence.ended"
    label = _("An absence was ended early")
    subject = _("%(person)s is back; %(deputy)s stands in no longer")


def tell(kind: type[AbsenceNotice], absence: Absence, *, users, now: datetime) -> None:
    place = absence.institution
    queue(
        kind,
        users=users,
        institution=place,
        event_key=f"{kind.code}:{absence.pk}",
        context={
            "where_en": place.name_en or place.name_zh,
            "where_zh": place.name_zh or place.name_en,
            "person": str(absence.user),
            "deputy": str(absence.deputy),
            "from_day": absence.from_day.isoformat(),
            "until_day": absence.until_day.isoformat(),
        },
        now=now,
        object_id=absence.pk,
    )
