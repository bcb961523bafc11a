"""What is told of a shift where the words for devices do not fit."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import registry
from medshare_portal.roles import Permission
from scheduling.notice_table import BOTH, OWNER, RequestNotice
from scheduling.states import State

NOTICES = (
    RequestNotice(
        "staff-reminded",
        BOTH,
        _("A host reminds us of an invitation that waits for an answer"),
        _("%(reference)s: the invitation of %(resource)s still waits for an answer"),
        states=(State.REQUESTED,),
        borrowers=(Permission.DECIDE,),
    ),
    RequestNotice(
        "staff-checked-in",
        OWNER,
        _("One of our people has begun a shift at a host"),
        _("%(reference)s: %(resource)s is at work at %(borrower)s"),
    ),
    RequestNotice(
        "staff-timesheet",
        OWNER,
        _("A timesheet waits for our confirmation"),
        _("%(reference)s: confirm the hours of %(resource)s"),
        states=(State.FINISHED,),
        owners=(Permission.DECIDE, Permission.POST_CHECK),
    ),
    RequestNotice(
        "staff-overdue",
        BOTH,
        _("A shift is over and its hours are not recorded"),
        _("%(reference)s: the shift of %(resource)s is over, its hours are not recorded yet"),
        states=(State.UNDERWAY,),
        urgent=True,
        body=_(
            "%(resource)s, %(period)s. From %(owner)s, at %(borrower)s. The host records when the "
            "shift ended; if it still goes on, ask for more time."
        ),
    ),
    RequestNotice(
        "staff-no-show",
        BOTH,
        _("Somebody did not come to a booked shift"),
        _("%(reference)s: %(resource)s did not come"),
    ),
)
for _row in NOTICES:
    registry.add(_row.code, _row)
