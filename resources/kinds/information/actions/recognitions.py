"""An institution recognises a result, or examines again and says why (INF-09)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from resources.enums_information import RepeatReason
from resources.kinds.information.recognition import Recognition, Verdict
from resources.models import RecognitionRecord, Resource


class NotRecognisable(Refusal):
    """INF-08: at least one rule says no; they are all on the page."""

    message = _("The rules do not allow to recognise this result. See which, and why.")
    status = 422


class ReasonMissing(Refusal):
    """INF-09"""

    message = _("Say why the examination is repeated.")
    field = "reason"
    status = 422


class NoteMissing(Refusal):
    """INF-09: that there is another reason says none."""

    message = _("Say which other reason.")
    field = "note"
    status = 422


def record(
    *,
    resource: Resource,
    institution,
    recognition: Recognition,
    recognise: bool,
    reason: str,
    note: str,
    by,
    now: datetime,
) -> RecognitionRecord:
    """Keep what was done and every rule as it spoke.  Raises NotRecognisable, ReasonMissing,
    NoteMissing."""
    if recognise and recognition.verdict == Verdict.NO:
        raise NotRecognisable
    if not recognise and not reason:
        raise ReasonMissing
    if not recognise and reason == RepeatReason.OTHER and not note.strip():
        raise NoteMissing
    made = RecognitionRecord.objects.create(
        institution=institution,
        resource=resource,
        verdict=recognition.verdict.value,
        recognised=recognise,
        reason="" if recognise else RepeatReason(reason).value,
        note=note,
        points=[[str(p.name), p.verdict.value, p.text, str(p.source)] for p in recognition.points],
        by=by,
        at=now,
    )
    audit.record(
        chains=[institution.slug],
        by=by,
        action="information.recognised" if recognise else "information.examined_again",
        obj=resource,
        now=now,
        data={"verdict": made.verdict, "reason": made.reason, "note": note},
    )
    return made
