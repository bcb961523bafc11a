"""Cards on the home pages: proposals wait for our answer, a round of ours waits to be published."""

from django.db.models import Count, Min, Q

from medshare_portal.roles import Permission
from scheduling.home_cards import MAIN, HomeCard, Visit, register
from scheduling.models import Proposal
from scheduling.queries.rounds import pages
from scheduling.round_states import ProposalState


def to_answer(visit: Visit) -> dict | None:
    """Those that wait for us: our yes or no, or, from us, our no; until when the first."""
    asks, decides = (_kinds(visit, one) for one in (Permission.ASK, Permission.DECIDE))
    if not asks and not decides:
        return None
    ours = Q(borrower=visit.institution, kind__in=asks)
    theirs = Q(owner=visit.institution, kind__in=decides)
    rows = Proposal.objects.concerning(visit.institution).filter(
        ours | theirs, state=ProposalState.PUBLISHED, expires_at__gt=visit.now
    )
    found = rows.aggregate(
        ours=Count("pk", filter=ours),
        theirs=Count("pk", filter=theirs),
        until=Min("expires_at"),
    )
    return found | {"waits": found["ours"]} if found["until"] else None


def to_publish(visit: Visit) -> dict | None:
    """Our own latest round, unless it is published already or nothing is left of it."""
    asks = _kinds(visit, Permission.ASK)
    run = pages.ready_to_publish(visit.institution) if asks else None
    return {"run": run} if run is not None and set(run.kinds) <= set(asks) else None


def _kinds(visit: Visit, permission: Permission) -> list[str]:
    return sorted(kind for granted, kind in visit.rights if granted == permission)


register(
    HomeCard(
        name="proposals-to-answer",
        template="scheduling/rounds/home_answer.html",
        context=to_answer,
        place=MAIN,
        order=15,
    )
)
register(
    HomeCard(
        name="round-to-publish",
        template="scheduling/rounds/home_publish.html",
        context=to_publish,
        place=MAIN,
        order=16,
    )
)
