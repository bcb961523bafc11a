"""Credentials, practice bases and indemnities of a person: entered and taken away, audited."""

from datetime import datetime

from medshare_portal import audit
from resources.models import Resource


def add(*, resource: Resource, model: type, values: dict, by, now: datetime):
    """Enter a paper (Credential, PracticeBasis or Indemnity) of one of our own people."""
    paper = model(resource=resource, institution=resource.institution, **values)
    paper.save(force_insert=True)
    _record(paper, "staff.paper_added", by, now)
    return paper


def remove(*, paper, by, now: datetime) -> None:
    """Take a paper away; what was booked on it is found by the nightly check."""
    _record(paper, "staff.paper_removed", by, now)
    paper.delete()


def _record(paper, action: str, by, now: datetime) -> None:
    """The trail names the badge, not the person."""
    until = paper.valid_until
    audit.record(
        chains=[paper.institution.slug],
        by=by,
        action=action,
        obj=paper,
        now=now,
        data={
            "paper": paper._meta.model_name,
            "valid_until": until.isoformat() if until else "",
        },
        label=paper.resource.code,
    )
