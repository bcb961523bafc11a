"""A person reads its notifications."""

from datetime import datetime

from medshare_portal.models import Notification, User


def mark_read(*, user: User, now: datetime, pk: int | None = None) -> Notification | None:
    """Mark one notification, or all of them, as read; returns the one.

    Somebody else's number is answered as one that does not exist: None.
    """
    mine = Notification.objects.addressed_to(user)
    if pk is None:
        mine.filter(read_at__isnull=True).update(read_at=now)
        return None
    mine.filter(pk=pk, read_at__isnull=True).update(read_at=now)
    return mine.filter(pk=pk).first()
