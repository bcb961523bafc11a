"""Medicines (医药): lots with an expiry date, counted in packs, shared before they expire."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_date
from medshare_portal.roles import Permission as P
from medshare_portal.roles import Role
from resources.kinds import CatalogueKind, register


def names_of(values: dict) -> dict:
    """A lot is called by its generic name and strength."""
    named = {}
    for tongue in ("en", "zh"):
        name = values.get(f"generic_name_{tongue}", "")
        named[f"name_{tongue}"] = f"{name} {values['strength']}"[:200] if name else ""
    return named


def terms_of(resource, offer) -> list[tuple[str, str]]:
    """How many packs, until when, for how much."""
    lot = resource.medicine_lot
    price = f"{lot.transfer_price:,.2f} {lot.currency}" if lot.transfer_price else _("nothing")
    return [
        (_("Packs offered"), str(offer.quantity)),
        (_("A pack costs you"), price),
        (_("To be asked for until"), describe_date(offer.ends_on)),
    ]


def buttons(page) -> list[dict]:
    """The ledger of an own lot."""
    if not page.ours:
        return []
    places = [page.institution.slug, page.resource.pk]
    url = reverse("resources:medicine-stock", args=places)
    return [{"label": _("Stock"), "url": url, "icon": "inbox", "primary": False}]


# MED-17: the pharmacist answers for every step of a medicine (药品管理法 §69), nobody else decides;
# the approver is the director who acknowledges what arrives close to its end (MED-03).
RIGHTS = {
    Role.APPROVER: {P.COUNTERSIGN},
    Role.PHARMACIST: {
        P.EDIT_RESOURCE,
        P.PUBLISH_OFFER,
        P.ASK,
        P.DECIDE,
        P.OVERRIDE_WARNING,
        P.HAND_OVER,
        P.POST_CHECK,
    },
}

MEDICINE = register(
    CatalogueKind(
        code="medicine",
        number_label=_("Stock number"),
        label=_("Medicine"),
        label_plural=_("Medicines"),
        item=_("Medicine"),
        icon="medicine",
        prefix="MED",
        detail="medicine_lot",
        detail_form="resources.kinds.medicine.forms.lot.LotForm",
        detail_template="resources/medicine/detail.html",
        search_fields=(
            "generic_name_en",
            "generic_name_zh",
            "brand",
            "strength",
            "approval_no",
            "gtin",
            "lot_no",
            "manufacturer",
        ),
        rights=RIGHTS,
        timed=False,
        offer_page="resources:medicine-offer",
        revise_offer_page="resources:medicine-offer",
        ask_page="scheduling:medicine-ask",
        buttons=buttons,
        terms=terms_of,
        path="medicines",
        category_loader="resources.kinds.medicine.actions.categories.load_medicine_categories",
        names_of=names_of,
        common_fields=("code", "category", "site", "room"),
        list_columns=("category", "institution", "distance", "confirmed", "status"),
        urls="resources.kinds.medicine.urls",
        loads=("resources.kinds.medicine.notices", "resources.kinds.medicine.navigation"),
    )
)
