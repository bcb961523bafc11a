"""Equipment (设备): single devices or sets, on site, on loan or as a service."""

from django.utils.translation import gettext_lazy as _

from resources.enums import EquipmentStatus
from resources.kinds import CatalogueKind, kinds
from resources.rules.equipment_offers import RULES

EQUIPMENT = kinds.add(
    "equipment",
    CatalogueKind(
        code="equipment",
        label=_("Equipment"),
        label_plural=_("Equipment"),
        icon="equipment",
        prefix="EQ",
        detail="equipment",
        detail_form="resources.forms.equipment.EquipmentForm",
        detail_template="resources/kinds/equipment.html",
        search_fields=("model", "manufacturer", "serial_no", "registration_no"),
        mode_fields=("on_site", "loan", "service"),
        states=EquipmentStatus,
        offer_rules=RULES,
    ),
)
