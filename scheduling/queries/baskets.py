"""How much lies in a person's draft basket: the number in the navigation of every page."""

from django.db.models import BigIntegerField, Count

from medshare_portal.db.prepared import Bind, Prepared
from scheduling.models import BasketLine

_LINES = Prepared(
    lambda: (
        BasketLine.objects.drafts_of(
            Bind("institution", BigIntegerField()), Bind("person", BigIntegerField())
        )
        .values("basket")
        .annotate(number=Count("pk"))
        .values_list("number")
    )
)


def lines_in_draft(institution, person) -> int:
    """Lines that are not sent yet."""
    return next(iter(_LINES.column(institution=institution.pk, person=person.pk)), 0)
