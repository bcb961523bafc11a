"""Ambulances as the catalogue sees them."""

from medshare_portal.roles import Permission as P
from medshare_portal.roles import Role
from medshare_portal.visibility import ALL, OWNER, declare
from resources.kinds import CatalogueKind, register

declare("ambulances.Ambulance", [(ALL, "resource stretchers in_service"), (OWNER, "plate")])

AMBULANCE = register(
    CatalogueKind(
        code="ambulance",
        label="Ambulance",
        label_plural="Ambulances",
        item="Ambulance",
        icon="truck",
        prefix="AM",
        detail="ambulance",
        detail_form="tests.ambulances.forms.AmbulanceForm",
        detail_template="resources/kinds/equipment.html",
        search_fields=("plate",),
        rights={
            Role.COORDINATOR: {
                P.EDIT_RESOURCE,
                P.PUBLISH_OFFER,
                P.EDIT_BLOCKS,
                P.ASK,
                P.HAND_OVER,
                P.POST_CHECK,
            },
            Role.APPROVER: {P.DECIDE, P.OVERRIDE_WARNING},
        },
    )
)
