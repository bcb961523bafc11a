"""What people are told about a series as a whole; its dates tell of themselves (``notices.py``)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment
from medshare_portal.notices import Notice, keys_of_people_with, notice, queue_for
from medshare_portal.roles import Permission
from scheduling.models import Series
from scheduling.notice_table import REASON
from scheduling.notices import in_both


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
