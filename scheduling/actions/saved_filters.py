"""Keep, forget and choose a filter of the inbox: a person's own, so no audit and no notice."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.models import User
from medshare_portal.refusals import Refusal
from scheduling.models import SavedFilter

MOST = 20  # of one person at one institution


class TooMany(Refusal):
    message = _("You keep %(most)s filters already. Delete one first.")
    status = 409

    def __init__(self):
        super().__init__(self.message % {"most": MOST})


class NameTaken(Refusal):
    message = _("You keep a filter of this name already.")
    field = "name"
    status = 422


def _kept_by(user, institution):
    return SavedFilter.objects.owned_by(institution).filter(user=user)


def keep(*, institution, name: str, query: str, is_default: bool, by, now: datetime) -> SavedFilter:
    """Keep a filter under a name.  Raises TooMany or NameTaken."""
    # The person's row is the lock: two tabs cannot pass the limit together.
    User.objects.select_for_update().get(pk=by.pk)
    kept = _kept_by(by, institution)
    if kept.filter(name=name).exists():
        raise NameTaken
    if kept.count() >= MOST:
        raise TooMany
    if is_default:
        kept.filter(is_default=True).update(is_default=False)
    return SavedFilter.objects.create(
        institution=institution,
        user=by,
        name=name,
        query=query,
        is_default=is_default,
        created_at=now,
    )


def choose(*, saved: SavedFilter, is_default: bool, by) -> None:
    """Let the inbox open with this filter, or no longer."""
    kept = _kept_by(by, saved.institution)
    kept.filter(is_default=True).update(is_default=False)
    kept.filter(pk=saved.pk).update(is_default=is_default)


def forget(*, saved: SavedFilter, by) -> None:
    _kept_by(by, saved.institution).filter(pk=saved.pk).delete()
