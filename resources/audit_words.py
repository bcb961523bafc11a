"""Words for what the catalogue writes into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, listed, number_of, one_of, register
from resources.enums import AttachmentPurpose, BlockReason, EquipmentStatus
from resources.enums_information import RepeatReason
from resources.enums_medicine import MovementSort
from resources.kinds import kind_choices

VERDICTS = [("yes", _("recognisable")), ("perhaps", _("doubtful")), ("no", _("not recognisable"))]


def kind(value) -> str:
    return one_of(kind_choices())(value)


def file_size(value) -> str:
    return _("%(n)s kB") % {"n": max(1, round(int(value) / 1000))}


def filters(pairs: list) -> str:
    """The filters of an export, as they stood in the address."""
    return listed([f"{name}={value}" for name, value in pairs if name != "kind"])


register(
    Area(
        code="resource",
        label=_("Resources"),
        actions={
            "registered": _("Registered in the catalogue"),
            "revised": _("Data revised"),
            "retired": _("Retired"),
        },
        facts={
            "code": Fact(label=_("Asset number")),
            "kind": Fact(label=_("Kind"), show=kind),
            "accessories": Fact(label=_("Accessories"), show=listed),
        },
        tables=(
            "resources.Resource",
            "resources.Equipment",
            "resources.MedicineLot",
            "resources.StaffMember",
            "resources.InformationAsset",
        ),
    )
)

register(
    Area(
        code="resources",
        label=_("Catalogue"),
        actions={"exported": _("List exported")},
        facts={
            "kind": Fact(label=_("Kind"), show=kind),
            "format": Fact(label=_("Format"), show=lambda value: value.upper()),
            "filters": Fact(label=_("Filters"), show=filters, pairs=False),
        },
    )
)

register(
    Area(
        code="equipment",
        label=_("Technical state"),
        actions={"state_set": _("Technical state set")},
        facts={
            "status": Fact(label=_("State"), show=one_of(EquipmentStatus.choices)),
            "note": Fact(label=_("Note")),
        },
    )
)

register(
    Area(
        code="attachment",
        label=_("Files"),
        actions={"added": _("File added"), "removed": _("File removed")},
        facts={
            "title": Fact(label=_("Title")),
            "purpose": Fact(label=_("Purpose"), show=one_of(AttachmentPurpose.choices)),
            "type": Fact(label=_("Type")),
            "size": Fact(label=_("Size"), show=file_size),
            "sha256": None,
        },
    )
)

register(
    Area(
        code="offer",
        label=_("Offers"),
        actions={
            "published": _("Offer published"),
            "revised": _("Offer revised"),
            "confirmed": _("Offer confirmed"),
            "withdrawn": _("Offer withdrawn"),
        },
        facts={"resource": None, "replaces": None},
        tables=("resources.Offer",),
        was={
            "offer-published": "published",
            "offer-revised": "revised",
            "offer-confirmed": "confirmed",
            "offer-withdrawn": "withdrawn",
        },
    )
)

BLOCK_FACTS = {
    "resource": None,
    "reason": Fact(label=_("Reason"), show=one_of(BlockReason.choices)),
}
register(
    Area(
        code="block",
        label=_("Blocked times"),
        actions={"added": _("Time blocked"), "removed": _("Blocked time given back")},
        facts=BLOCK_FACTS,
        tables=("resources.BusyBlock",),
        was={"block-added": "added", "block-removed": "removed"},
    )
)

register(
    Area(
        code="blocks",
        label=_("Calendars"),
        actions={"imported": _("Calendar imported")},
        facts=BLOCK_FACTS
        | {
            "new": Fact(label=_("New"), show=number_of, pairs=False),
            "updated": Fact(label=_("Updated"), show=number_of, pairs=False),
            "moved": Fact(label=_("Moved"), show=number_of, pairs=False),
            "removed": Fact(label=_("Removed"), show=number_of, pairs=False),
        },
        was={"blocks-imported": "imported"},
    )
)

register(
    Area(
        code="stock",
        label=_("Stock of medicines"),
        actions={
            "moved": _("Stock booked"),
            "state_set": _("Release of a lot changed"),
            "recalled": _("Lot recalled"),
        },
        tables=("resources.MedicineLot",),
        facts={
            "sort": Fact(label=_("Movement"), show=one_of(MovementSort.choices)),
            "quantity": Fact(label=_("Packs"), show=number_of),
            "reason": Fact(label=_("Reason")),
            "on_hand": Fact(label=_("On hand"), show=number_of),
        },
    )
)

register(
    Area(
        code="information",
        label=_("Information"),
        actions={
            "content_stored": _("Content stored"),
            "conditions_set": _("Conditions set"),
            "recognised": _("Result recognised"),
            "examined_again": _("Examined again"),
        },
        facts={
            "title": Fact(label=_("Title")),
            "version": Fact(label=_("Version"), show=number_of),
            "type": Fact(label=_("Type")),
            "size": Fact(label=_("Size"), show=file_size),
            "sha256": None,
            "suppressed": Fact(label=_("Small counts suppressed")),
            "verdict": Fact(label=_("What the rules say"), show=one_of(VERDICTS)),
            "reason": Fact(label=_("Reason"), show=one_of(RepeatReason.choices)),
            "note": Fact(label=_("Note")),
        },
        tables=("resources.AccessTerms",),
    )
)
