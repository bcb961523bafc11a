"""The home card: dates of a series go back unless somebody says that they are still needed."""

from medshare_portal.roles import Permission
from scheduling.home_cards import MAIN, HomeCard, Visit, register
from scheduling.models import Series
from scheduling.queries.waiting import over


def to_confirm(visit: Visit) -> dict | None:
    rows = Series.objects.borrowed_by(visit.institution).filter(
        kind__in=over(Permission.ASK, visit.rights), confirm_due_at__gt=visit.now
    )
    related = rows.select_related("resource", "owner").order_by("confirm_due_at", "pk")
    found = list(related)
    if not found:
        return None
    return {"rows": found, "waits": len(found), "until": found[0].confirm_due_at}


register(
    HomeCard(
        name="series-to-confirm",
        template="scheduling/series/home.html",
        context=to_confirm,
        place=MAIN,
        order=10,
    )
)
