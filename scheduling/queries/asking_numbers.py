"""What the navigation of every page counts for whoever may ask, beside the inbox: the lines of the
own draft basket, and the places of the wait-list that are offered to the institution."""

from collections.abc import Collection

from django.db.models import BigIntegerField, Count, Value

from medshare_portal.db.prepared import AnyOf, Bind, Prepared, Texts
from medshare_portal.roles import Permission, rights_of
from scheduling.models import BasketLine, WaitlistEntry
from scheduling.queries.waiting import over
from scheduling.waiting import WaitState

LINES, PLACES = 1, 2
HERE, PERSON = Bind("institution", BigIntegerField()), Bind("person", BigIntegerField())


def _both():
    lines = BasketLine.objects.drafts_of(HERE, PERSON)
    places = WaitlistEntry.objects.owned_by(HERE).filter(
        AnyOf("kind", Texts("kinds")), state=WaitState.OFFERED
    )
    return _number(lines, LINES).union(_number(places, PLACES), all=True)


def _number(rows, name: int):
    """The number of rows under its name, or no row for none."""
    return rows.order_by().values(what=Value(name)).annotate(n=Count("pk")).values_list("what", "n")


_NUMBERS = Prepared(_both)


def asking_numbers(institution, person, kinds: Collection[str]) -> dict[int, int]:
    """How many by name, where there are any; one statement."""
    return dict(_NUMBERS.rows(institution=institution.pk, person=person.pk, kinds=kinds))


def numbers_of(request) -> dict[int, int]:
    """Read once for all that shows one of them on a page."""
    if not hasattr(request, "asking_numbers"):
        kinds = over(Permission.ASK, rights_of(request.roles))
        known = asking_numbers(request.institution, request.user, kinds) if kinds else {}
        request.asking_numbers = known
    return request.asking_numbers
