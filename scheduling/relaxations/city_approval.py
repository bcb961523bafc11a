"""Who decides, relaxed: the city may approve an emergency in the owner's place."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.relaxations import Relaxation, register
from medshare_portal.visibility import SIDES_AND_CITY, declare

STEP = "approve_by_city"  # in the workflow's table
CITY_APPROVES = register(
    Relaxation(
        code="city-approval",
        label=_("approval by the city"),
        what=_(
            "When the owner has not answered an emergency request in the time that was declared, "
            "an official may approve it in the owner's place, with a reason. The owner is told and "
            "may object. What the safety rules forbid, or what is not free, nobody approves. Staff "
            "and information are decided by their owners alone."
        ),
    )
).code

# What the city did in an owner's place, and what the owner says to it, both sides read.
declare(
    "scheduling.CityApproval",
    [
        (SIDES_AND_CITY, "id sharing_request crisis by at reason waited_minutes"),
        (SIDES_AND_CITY, "objected_at objected_by objection"),
    ],
)
