"""What people were told of the open work; nothing of it is mailed any more."""

from datetime import timedelta

from demo.booking import Booking
from demo.moments import to_datetime
from demo.scenes import Scene
from demo.world import World
from medshare_portal.models import Notification
from scheduling import notices
from scheduling.models import SharingRequest

RELATED = ("resource__site", "owner", "borrower", "created_by")


def make_notifications(world: World, scenes: list[tuple[Scene, Booking]]) -> None:
    """One per event and person, as the actions queue them; what is older than a day was read."""
    rows = SharingRequest.unscoped.select_related(*RELATED).in_bulk(
        [booking.pk for _scene, booking in scenes]
    )
    for scene, booking in scenes:
        _tell(world, scene, booking, rows[booking.pk])
    Notification.unscoped.update(mail=Notification.Mail.SENT, mailed_at=world.moment)
    yesterday = world.moment - timedelta(days=1)
    Notification.unscoped.filter(created_at__lt=yesterday).update(read_at=world.moment)


def _tell(world: World, scene: Scene, booking: Booking, row: SharingRequest) -> None:
    name, side, _source, _target, at = booking.steps[-1]
    notices.tell(row, name, by=booking.actor_of(side), now=to_datetime(at), text=booking.text)
    if scene.overdue_level:
        moment = world.moment - timedelta(minutes=130)
        notices.send("overdue", row, now=moment, key="demo")
