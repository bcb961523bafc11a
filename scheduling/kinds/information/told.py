"""What people are told about information beyond the spine's own notices."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment
from medshare_portal.notices import registry
from medshare_portal.roles import Permission
from scheduling.notice_table import BORROWER, BOTH, OWNER, RequestNotice
from scheduling.notices import send
from scheduling.states import State

WAITING = (State.REQUESTED,)
BODY = _("%(resource)s. Shared by %(owner)s with %(borrower)s. %(text)s")
NOTICES = (
    RequestNotice(
        "information-returned", BORROWER, _("A request for information was returned for changes"),
        _("%(reference)s: %(owner)s asks for changes"),
        states=(State.COUNTERED,), body=BODY,
    ),
    RequestNotice(
        "information-lapses", BORROWER, _("A returned request for information is about to run out"),
        _("%(reference)s: the returned request is about to run out"),
        states=(State.COUNTERED,), body=BODY,
    ),
    RequestNotice(
        "information-again", OWNER, _("A changed request for information waits for us"),
        _("%(reference)s: %(borrower)s sent its request again, changed"),
        states=WAITING, body=BODY,
    ),
    RequestNotice(
        "information-ended", BOTH, _("An access to information has ended"),
        _("%(reference)s: the access to %(resource)s has ended"),
        urgent=True, body=BODY,
    ),
    RequestNotice(
        "information-ends-soon", BORROWER, _("Our access to information ends soon"),
        _("%(reference)s: the access to %(resource)s ends on %(until)s"),
        states=(State.APPROVED, State.UNDERWAY), body=BODY,
    ),
    RequestNotice(
        "information-consent", BOTH, _("A consent was withdrawn"),
        _("%(reference)s: the consent was withdrawn, no look is let through"),
        urgent=True, body=BODY,
    ),
    RequestNotice(
        "glass-broken", OWNER, _("Somebody broke the glass to our information"),
        _("%(reference)s: break-glass access to %(resource)s by %(borrower)s"),
        urgent=True, owners=(Permission.DECIDE, Permission.POST_CHECK), body=BODY,
    ),
    RequestNotice(
        "glass-reviewed", BORROWER, _("Our break-glass access was reviewed"),
        _("%(reference)s: your break-glass access was reviewed"), body=BODY,
    ),
    RequestNotice(
        "glass-review-late", OWNER, _("The review of a break-glass access is late"),
        _("%(reference)s: nobody has reviewed the break-glass access to %(resource)s"),
        urgent=True, owners=(Permission.DECIDE, Permission.POST_CHECK), body=BODY,
    ),
)  # fmt: skip
for _row in NOTICES:
    registry.add(_row.code, _row)

# Step of a request for information (or last call) → its notice; None tells nobody.
OF_STEPS = {
    "counter": "information-returned",
    "counter-soon": "information-lapses",
    "resubmit": "information-again",
    "hand_over": None,
    "return": "information-ended",
    "no_show": "information-ended",
    "cancel": "information-ended",
    "cancel_by_owner": "information-ended",
    "withdraw_consent": "information-consent",
    "break_glass": "glass-broken",
    "review_glass": "glass-reviewed",
}


def ends_soon(sharing_request, *, until, now) -> None:
    """To who may look: ask again in time, or have what is needed copied by then."""
    zone, facts = sharing_request.resource.site.time_zone, {}
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            facts[f"until_{suffix}"] = describe_moment(until, tz=zone)
    send("information-ends-soon", sharing_request, now=now, key="soon", facts=facts)


def review_is_late(sharing_request, *, now) -> None:
    """To those who should have, and to all coordinators and approvers of the owner."""
    send("glass-review-late", sharing_request, now=now, key="late", wide=True)
