"""What people are told about transfers beyond the spine's own notices."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import registry
from medshare_portal.roles import Permission
from scheduling.notice_table import BORROWER, BOTH, OWNER, RequestNotice
from scheduling.notices import send
from scheduling.states import State

BODY = _("%(resource)s, %(period)s. From %(owner)s to %(borrower)s. %(text)s")
NOTICES = (
    RequestNotice(
        "transfer-on-its-way", BORROWER, _("A medicine is on its way to us"),
        _("%(reference)s: %(resource)s is on its way, receive it"),
        states=(State.UNDERWAY,), urgent=True, body=BODY, borrowers=(Permission.HAND_OVER,),
    ),
    RequestNotice(
        "transfer-received", OWNER, _("A medicine that we sent was received"),
        _("%(reference)s: %(borrower)s received %(resource)s, close the transfer"),
        states=(State.FINISHED,), body=BODY,
    ),
    RequestNotice(
        "transfer-acknowledge", BORROWER, _("A transfer waits for the director's signature"),
        _("%(reference)s: %(resource)s arrives close to its end, sign or do not take it"),
        states=(State.APPROVED,), urgent=True, body=BODY, borrowers=(Permission.COUNTERSIGN,),
    ),
    RequestNotice(
        "transfer-second-signature", BOTH, _("A transfer waits for a second signature"),
        _("%(reference)s: a second person of each side must sign for %(resource)s"),
        states=(State.APPROVED,), body=BODY, borrowers=(Permission.ASK,),
    ),
)  # fmt: skip
for _row in NOTICES:
    registry.add(_row.code, _row)

# Step of a transfer → its notice.
OF_STEPS = {"hand_over": "transfer-on-its-way", "return": "transfer-received"}
# Further signature → who is asked for it.
OF_PARTS = {
    "director": "transfer-acknowledge",
    "second_sender": "transfer-second-signature",
    "second_receiver": "transfer-second-signature",
}


def ask_to_sign(sharing_request, parts, *, by, now) -> None:
    """Tell those who must sign before it may leave; once each, however many parts they sign."""
    for code in sorted({OF_PARTS[part] for part in parts}):
        send(code, sharing_request, now=now, key="sign", by=by)
