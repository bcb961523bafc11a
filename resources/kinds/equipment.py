"""Equipment (设备): single devices or sets, on site, on loan or as a service."""

from django.utils.translation import gettext_lazy as _

from resources.kinds import CatalogueKind, kinds

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
    ),
)
