"""Who decides, relaxed: the city may approve an emergency in the owner's place."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.relaxations import Relaxation, register

STEP = "approve_by_city"  # in the workflow's table
CITY_APPROVES = register(
    Relaxation(
        code="city-approval",
        label=_("approval by the city"),
        what=_(
            "When the owner has not answered an emergency request in the time that was declared, "
            "an official may approve it in the owner's place, with a reason. The owner is told and "
            "may object. What the safety rules forbid, or what is not free, nobody approves."
        ),
    )
).code
