"""Equipment (设备): single devices or sets, on site, on loan or as a service."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission as P
from medshare_portal.roles import Role
from resources.actions.equipment_status import set_state
from resources.enums import EquipmentStatus
from resources.kinds import CatalogueKind, register
from resources.rules.equipment_offers import RULES

# Asked for by the coordinator, decided by the approver, checked by the biomedical engineer.
RIGHTS = {
    Role.COORDINATOR: {
        P.EDIT_RESOURCE,
        P.PUBLISH_OFFER,
        P.EDIT_BLOCKS,
        P.ASK,
        P.OVERRIDE_WARNING,
        P.HAND_OVER,
    },
    Role.APPROVER: {P.DECIDE, P.OVERRIDE_WARNING, P.HAND_OVER},
    Role.BIOMEDICAL_ENGINEER: {P.EDIT_RESOURCE, P.EDIT_BLOCKS, P.HAND_OVER, P.POST_CHECK},
}

EQUIPMENT = register(
    CatalogueKind(
        code="equipment",
        label=_("Equipment"),
        label_plural=_("Equipment"),
        item=_("Device"),
        icon="equipment",
        prefix="EQ",
        detail="equipment",
        detail_form="resources.forms.equipment.EquipmentForm",
        detail_template="resources/kinds/equipment.html",
        search_fields=("model", "manufacturer", "serial_no", "registration_no"),
        mode_fields=("on_site", "loan", "service"),
        states=EquipmentStatus,
        rights=RIGHTS,
        has_accessories=True,
        set_state=set_state,
        offer_rules=RULES,
        offer_words=_("Offer this device"),
        ahead_page="reports:own-use",
        label_page="scheduling:label",
        busy_page=(_("Own use and maintenance"), "resources:block-list"),
        category_loader="resources.actions.categories.load_equipment_categories",
    )
)
