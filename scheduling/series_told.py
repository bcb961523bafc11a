"""What people are told about a series as a whole; its dates tell of themselves (``notices.py``)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from medshare_portal.bilingual import in_both
from medshare_portal.local_times import describe_moment
from medshare_portal.models import Notification
from medshare_portal.notices import Notice, keys_of_people_with, notice, queue_for
from medshare_portal.roles import Permission
from scheduling import notices
from scheduling.extent import extent
from scheduling.models import Series, SharingRequest
from scheduling.notice_table import REASON
from scheduling.states import State


@notice
class StillNeeded(Notice):
    """To all who may ask at the borrower: whoever sent the series may be away."""

    code = "series-still-needed"
    label = _("Dates of a series were not used: say whether you still need the rest")
    subject = _("%(reference)s: do you still need %(resource)s?")
    body = _(
        "The last dates were not collected. Confirm until %(until)s that you still need the "
        "others; otherwise they are free again for other hospitals."
    )
    urgent = True

    @classmethod
    def url(cls, notification) -> str:
        return reverse(
            "scheduling:series", args=[notification.institution.slug, notification.object_id]
        )

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = Series.objects.everywhere(reason=REASON)
        return rows.filter(
            pk=notification.object_id, confirm_asked_at=notification.created_at
        ).exists()


def ask_to_confirm(series: Series, *, now) -> None:
    """Once for each question."""
    resource = series.resource
    zone = resource.site.time_zone
    queue_for(
        StillNeeded,
        people=keys_of_people_with(Permission.ASK, series.borrower, series.kind),
        institution=series.borrower,
        event_key=f"{StillNeeded.code}:{series.pk}:{now.isoformat()}",
        context={
            "reference": series.reference,
            "resource_en": f"{resource.name_en or resource.name_zh} {resource.code}",
            "resource_zh": f"{resource.name_zh or resource.name_en} {resource.code}",
            **in_both("until", lambda: describe_moment(series.confirm_due_at, tz=zone)),
        },
        now=now,
        object_id=series.pk,
    )


ONE_BY_ONE = ("request-approved", "request-declined")


@notice
class SeriesAnswered(Notice):
    """In the place of one notice for each answer: both name every date."""

    code = "series-answered"
    label = _("Our series was answered")
    subject = _("%(reference)s: %(yes)s approved, %(no)s declined, %(resource)s")
    body = _("%(owner)s. Approved: %(approved)s. Declined: %(declined)s. %(text)s")

    @classmethod
    def url(cls, notification) -> str:
        return StillNeeded.url(notification)


def tell_answered(series: Series, approved: list, declined: list, *, text: str, now) -> None:
    """The dates that an owner answered together, in one notice; what each of them has queued at
    this moment names the first date alone and is taken back unsent."""
    approved = _booked(series, approved)
    if len(approved) + len(declined) < 2:
        return
    keys = [f"{code}:series {series.pk}:{now.isoformat()}" for code in ONE_BY_ONE]
    queued = Notification.objects.everywhere(reason=REASON).filter(event_key__in=keys)
    people = sorted(set(queued.values_list("user_id", flat=True)))
    queued.delete()
    said = notices.context_of((approved or declined)[0], text)
    queue_for(
        SeriesAnswered,
        people=people,
        institution=series.borrower,
        event_key=f"{SeriesAnswered.code}:{series.pk}:{now.isoformat()}",
        context=said
        | {"reference": series.reference, "yes": len(approved), "no": len(declined)}
        | in_both("approved", lambda: _listed(approved))
        | in_both("declined", lambda: _listed(declined)),
        now=now,
        object_id=series.pk,
    )


def _booked(series: Series, rows: list) -> list:
    """Those that are booked now; of others one of several consents was given."""
    dates = SharingRequest.objects.of_series(series).filter(state=State.APPROVED)
    found = dates.filter(pk__in=[row.pk for row in rows])
    related = found.select_related("resource__site", "owner", "borrower", "delivery_site")
    return list(related.order_by("starts_at", "pk"))


def _listed(rows: list) -> str:
    periods = [f"{extent(row)} ({row.reference})" for row in rows]
    return str(pgettext("between dates", "; ")).join(periods) or str(pgettext("dates", "none"))
