"""Which devices are out of order, whatever their kind calls it."""

from django.db.models import Q

from resources.kinds import kinds
from resources.models import Resource

REASON = "both sides of a booking are told whether its device works; nothing else comes out"


def reads() -> tuple[str, ...]:
    """What ``is_out_of_order`` reads of a resource, for rows that load named columns only."""
    return ("kind", *(f"{kind.detail}__status" for kind in kinds if kind.states))


def is_out_of_order(resource: Resource) -> bool:
    """Whether its technical state forbids its use; no query where the detail row was read."""
    kind = kinds[resource.kind]
    return kind.states is not None and (
        getattr(resource, kind.detail).status not in kind.states.USABLE
    )


def out_of_order():
    """The resources that must not be used."""
    broken = Q(pk__in=[])
    for kind in kinds:
        if kind.states:
            usable = Q(**{f"{kind.detail}__status__in": kind.states.USABLE})
            broken |= Q(kind=kind.code) & ~usable
    return Resource.objects.everywhere(reason=REASON).filter(broken)
