"""What the forms for new times show before they are sent: what follows, and ways round."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_moment, describe_period
from resources.limits import longest_loan
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.queries.alternatives import SHORTEST, quarter_up
from scheduling.queries.following import Following, following
from scheduling.queries.rule_facts import context_of, wish_of
from scheduling.rules import findings_for_request
from scheduling.states import Side, State
from scheduling.verdicts import finding_rows
from scheduling.views.replacement_rows import instead_for, seen_by_owner

TO_WRITE = timedelta(minutes=10)  # from opening a form to sending it


def what_follows(
    sharing_request: SharingRequest, *, side: Side, until: datetime | None = None
) -> dict:
    """Sentences for this side: the borrower reads times, the owner also who it is."""
    found = following(sharing_request, until=until)
    zone = zone_of(sharing_request)
    return {
        "lines": [*_booked(found, side, zone), *_wished(found, side, zone)],
        "latest": found.latest,
        "latest_words": describe_moment(found.latest, tz=zone) if found.latest else "",
    }


def _booked(found: Following, side: Side, zone: str) -> list[str]:
    lines = []
    if found.booked:
        words = (
            _("%(name)s has booked it from %(from)s (%(reference)s).")
            if side == Side.OWNER
            else _("Another booking needs it from %(from)s.")
        )
        when = describe_moment(found.booked.blocked_from, tz=zone)
        name, reference = found.booked.borrower.name, found.booked.reference
        lines.append(words % {"from": when, "name": name, "reference": reference})
    if found.kept:
        when = describe_moment(found.kept, tz=zone)
        lines.append(_("Its owner needs it from %(from)s.") % {"from": when})
    return lines


def _wished(found: Following, side: Side, zone: str) -> list[str]:
    if not found.wished:
        return []
    if side != Side.OWNER:
        return [_("Others have asked for it in that time; they would be told.")]
    words = _("%(name)s asks for it, %(period)s (%(reference)s), and would be told.")
    return [
        words
        % {
            "name": row.borrower.name,
            "period": describe_period(row.starts_at, row.ends_at, tz=zone),
            "reference": row.reference,
        }
        for row in found.wished
    ]


def tried_end(sharing_request: SharingRequest, new_ends_at: datetime, *, now: datetime) -> dict:
    """What the rules say of a longer use, and what can be had where they say no."""
    wish = wish_of(sharing_request, ends_at=new_ends_at)
    findings = findings_for_request(context_of(wish, now=now))
    first = max(sharing_request.ends_at, quarter_up(now))
    blocked = bool(findings.blocks) and SHORTEST <= new_ends_at - first <= longest_loan()
    return {
        "tried_findings": finding_rows(findings),
        "instead": instead_for(sharing_request, (first, new_ends_at), now=now) if blocked else None,
    }


def recall_facts(sharing_request: SharingRequest, *, now: datetime) -> dict:
    """The earliest end that still keeps the promise when the reason is written, and leaves them
    some of the time; and what the borrower could have from then on, as far as the owner may see
    it."""
    promised = timedelta(hours=sharing_request.recall_notice_hours)
    earliest = quarter_up(max(now + TO_WRITE + promised, sharing_request.starts_at + SHORTEST))
    last = sharing_request.ends_at
    zone = zone_of(sharing_request)
    open_yet = last - earliest >= SHORTEST
    return {
        "earliest": earliest if earliest < last else None,
        "earliest_words": describe_moment(earliest, tz=zone),
        "too_late": earliest >= last,
        "not_begun": sharing_request.state == State.APPROVED and sharing_request.starts_at > now,
        "instead": seen_by_owner(sharing_request, (earliest, last), now=now) if open_yet else [],
    }
