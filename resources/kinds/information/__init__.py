"""Information (信息): protocols, reports, de-identified data and contacts, under conditions."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission as P
from medshare_portal.roles import Role
from resources.enums import ResourceStatus
from resources.kinds import CatalogueKind, register
from resources.kinds.information.rules.offers import RULES

# The information steward keeps, decides and reviews; coordinators may ask as well.
RIGHTS = {
    Role.COORDINATOR: {P.ASK, P.HAND_OVER, P.OVERRIDE_WARNING},
    Role.INFORMATION_STEWARD: {
        P.EDIT_RESOURCE,
        P.PUBLISH_OFFER,
        P.ASK,
        P.DECIDE,
        P.OVERRIDE_WARNING,
        P.HAND_OVER,
        P.POST_CHECK,
    },
}


def buttons(page) -> list[dict]:
    """Upload for the owner; for others the way in when it cannot wait."""
    if page.ours and page.may(P.EDIT_RESOURCE):
        return [page.button(_("Upload the content"), "resources:information-content", "upload")]
    if not page.ours and page.may(P.ASK) and page.resource.status == ResourceStatus.LISTED:
        return [page.button(_("Break the glass"), "scheduling:information-break-glass", "urgent")]
    return []


INFORMATION = register(
    CatalogueKind(
        code="information",
        number_label=_("Catalogue number"),
        label=_("Information"),
        label_plural=_("Information"),
        item=_("Information"),
        icon="information",
        prefix="IN",
        detail="information",
        detail_form="resources.kinds.information.forms.asset.InformationForm",
        detail_template="resources/information/detail.html",
        search_fields=("summary", "custodian"),
        category_loader="resources.kinds.information.actions.categories.load_information_categories",
        rights=RIGHTS,
        offer_rules=RULES,
        timed=False,
        offer_page="resources:information-conditions",
        revise_offer_page="resources:information-conditions",
        ask_page="scheduling:information-ask",
        buttons=buttons,
        path="information",
        common_fields=("name_en", "name_zh", "code", "category", "site"),
        list_columns=("category", "institution", "distance", "confirmed", "status"),
        urls="resources.kinds.information.urls",
    )
)
