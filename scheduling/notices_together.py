"""One notice for all dates of a series that a step moves at one moment: it names them together."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.bilingual import in_both, is_chinese
from medshare_portal.models import Notification
from scheduling.extent import extent

REASON = "a notice grows by the dates that are told with it"
MOST = 6  # dates that are written out; the page of the series lists all


def of_one(sharing_request) -> dict[str, list[str]]:
    """``dates_en`` and ``dates_zh``: the first of the dates that are told together."""
    words = in_both("dates", lambda: extent(sharing_request))
    return {name: [date] for name, date in words.items()}


def add_date(event_key: str, sharing_request) -> None:
    """What an earlier date of the series has queued names this one too."""
    rows = Notification.objects.everywhere(reason=REASON).filter(event_key=event_key)
    earlier = rows.exclude(object_id=sharing_request.pk).order_by("pk")
    found = earlier.values_list("object_id", "context").first()
    if found is None:
        return
    pk, context = found
    dates = {name: context[name] + date for name, date in of_one(sharing_request).items()}
    period = in_both("period", lambda: _listed(dates["dates_zh" if is_chinese() else "dates_en"]))
    rows.filter(object_id=pk).update(context=context | dates | period)


def _listed(dates: list[str]) -> str:
    words = _("%(number)s dates of a series: %(dates)s")
    if len(dates) > MOST:
        words = _("%(number)s dates of a series: %(dates)s, and %(more)s more")
    return words % {
        "number": len(dates),
        "dates": str(pgettext("between dates", "; ")).join(dates[:MOST]),
        "more": len(dates) - MOST,
    }
