"""How much waits for an answer, and for whose: by the rights that somebody holds."""

from functools import cache

from django.db.models import BigIntegerField, Case, Count, F, Q, Value, When

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.roles import Permission, Rights
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, Side, State

HERE = Bind("here", BigIntegerField())
# Who answers what: a permission, the side that holds it, and the state that waits for it.
ANSWERS = {
    Permission.DECIDE: (Side.OWNER, State.REQUESTED),
    Permission.ASK: (Side.BORROWER, State.COUNTERED),
    Permission.POST_CHECK: (Side.OWNER, State.FINISHED),
}


def every_right() -> Rights:
    """What all colleagues together may answer."""
    return frozenset((permission, kind.code) for permission in ANSWERS for kind in kinds)


def able(rights: Rights) -> Rights:
    """Of these rights those that answer something."""
    return frozenset(right for right in rights if right[0] in ANSWERS)


def over(permission: Permission, rights: Rights) -> list[str]:
    """The kinds over which these rights hold the permission."""
    return sorted(kind for held, kind in rights if held == permission)


def conditions(institution, rights: Rights) -> Q:
    """Requests that wait for an answer these rights may give."""
    wanted = Q(pk__in=[])
    for permission, (side, state) in ANSWERS.items():
        if of_kinds := over(permission, rights):
            wanted |= Q(**{side.value: institution}, state=state, kind__in=of_kinds)
    return wanted


def extensions(institution, rights: Rights):
    rows = TimeChange.objects.concerning(institution).filter(
        kind=ChangeKind.EXTENSION, status=ChangeStatus.PENDING
    )
    of_kinds = over(Permission.DECIDE, rights)
    if not of_kinds:
        return rows.none()
    return rows.filter(sharing_request__owner=institution, sharing_request__kind__in=of_kinds)


def waiting_count(institution, rights: Rights) -> int:
    """How many answers wait for somebody with these rights; one statement for every page.

    The undecided dates of a series are one answer (``inbox_keys.bundled``).
    """
    held = able(rights)
    return sum(_waiting(held).column(here=institution.pk)) if held else 0


@cache
def _waiting(rights: Rights) -> Prepared:
    """Two numbers for those who hold these rights: requests, extensions."""

    def both():
        requests = SharingRequest.objects.concerning(HERE)
        asked = _counted(requests.filter(conditions(HERE, rights)), Count(_ANSWER, distinct=True))
        longer = _counted(extensions(HERE, rights))
        return asked.union(longer, all=True) if over(Permission.DECIDE, rights) else asked

    return Prepared(both)


ROWS = Count("pk")
# What a request counts as: its series while it is an undecided date of one, else itself.
_ANSWER = Case(
    When(state=State.REQUESTED, series__isnull=False, then=-F("series_id")),
    default=F("pk"),
    output_field=BigIntegerField(),
)


def _counted(rows, number: Count = ROWS):
    """The number of rows as a row, or no row for none."""
    return rows.order_by().values(one=Value(1)).annotate(n=number).values_list("n")
