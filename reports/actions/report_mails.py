"""On the first of a month saved reports are mailed to those who ordered them.

What is queued is a notice; whether its reader may still open the report is asked when it is sent.
"""

from datetime import datetime

from django.db import transaction

from medshare_portal.notices import queue_for
from reports.actions.saved_reports import month_of
from reports.models import ReportMail
from reports.notices_reports import ReportOfTheMonth

REASON = "the saved reports of all people are mailed together"
AT_ONCE = 500


def mail_due(*, now: datetime) -> int:
    """Queue what is due; each month once, however often it runs and however many at once."""
    month = month_of(now)
    rows = ReportMail.objects.everywhere(reason=REASON).filter(month__lt=month)
    due = rows.select_related("report__institution").order_by("pk")[:AT_ONCE]
    return sum(_queue(row, month, now) for row in due)


@transaction.atomic
def _queue(row: ReportMail, month, now: datetime) -> bool:
    mine = ReportMail.objects.everywhere(reason=REASON).filter(pk=row.pk, month=row.month)
    if not mine.update(month=month):
        return False
    queue_for(
        ReportOfTheMonth,
        people=[row.user_id],
        institution=row.report.institution,
        event_key=f"report.month:{row.report_id}:{month}",
        context={"name": row.report.name},
        now=now,
        object_id=row.report_id,
    )
    return True
