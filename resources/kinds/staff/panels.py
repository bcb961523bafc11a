"""The card of papers on the page of one of our own people."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from medshare_portal.roles import Permission
from resources.kinds import kinds
from resources.kinds.staff.queries.people import papers_of, state_of
from resources.panels import Panel, register


def papers_panel(request, resource, now) -> dict | None:
    """Every paper with its end and a badge; None for other kinds and others' people."""
    ours = resource.institution_id == request.institution.pk
    if not ours or kinds[resource.kind].detail != "staff_member":
        return None
    today = now.astimezone(ZoneInfo(resource.site.time_zone)).date()
    papers = papers_of(resource)
    return {
        "may_edit": Permission.EDIT_RESOURCE in request.permissions,
        "groups": [
            ("credential", _("Credentials"), _rows(papers.credentials, today, _credential)),
            ("basis", _("Where the person may practise"), _rows(papers.bases, today, _basis)),
            ("indemnity", _("Indemnity"), _rows(papers.indemnities, today, _indemnity)),
        ],
    }


def _rows(papers, today, words) -> list[dict]:
    return [
        {
            "pk": paper.pk,
            "name": words(paper)[0],
            "below": words(paper)[1],
            "state": state_of(paper.valid_until, today),
            "until": describe_date(paper.valid_until) if paper.valid_until else _("no end"),
        }
        for paper in papers
    ]


def _credential(paper) -> tuple[str, str]:
    below = _("%(source)s, verified by %(by)s on %(on)s") % {
        "source": paper.get_source_display(),
        "by": paper.verified_by,
        "on": describe_date(paper.verified_on),
    }
    return str(paper), below


def _basis(paper) -> tuple[str, str]:
    return f"{paper.host} · {paper.get_basis_display()}", paper.evidence


def _indemnity(paper) -> tuple[str, str]:
    where = paper.host or _("every institution of the city")
    return f"{paper.insurer} · {where}", paper.reference


register(
    Panel(
        name="staff-papers",
        template="resources/staff/papers.html",
        context=papers_panel,
        order=30,
    )
)
