"""The filters of the inbox that a person keeps."""

from django.db.models import BigIntegerField

from medshare_portal.db.prepared import Bind, Prepared
from scheduling.models import SavedFilter

_KEPT = Prepared(
    lambda: (
        SavedFilter.objects.owned_by(Bind("here", BigIntegerField()))
        .filter(user=Bind("user", BigIntegerField()))
        .order_by("name", "pk")
    )
)


def filters_of(user, institution) -> list[SavedFilter]:
    """By name."""
    return _KEPT.instances(here=institution.pk, user=user.pk)
