"""Register, revise, pause and retire a resource; each in the caller's transaction."""

import secrets
import string
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.db.errors import violates
from medshare_portal.refusals import Refusal, StaleVersion
from medshare_portal.visibility import readers
from resources import counted_times
from resources.enums import OfferStatus, ResourceStatus
from resources.kinds import CatalogueKind, kinds
from resources.models import Accessory, Resource
from resources.occupancy import booked
from resources.search import search_text_for

ALPHABET = string.ascii_letters + string.digits
FAR = timedelta(days=3650)
# What past days of a resource are counted by.
COUNTED = {"category", "site", "units", "expiry_date", "unit_cost", "currency"}


class AssetNumberTaken(Refusal):
    message = _("This asset number is already in use.")
    field = "code"
    status = 422


class SerialNumberTaken(Refusal):
    message = _("This serial number of this manufacturer is registered.")
    field = "serial_no"
    status = 422


class UnitsAreBooked(Refusal):
    """While something is booked the number of units stays."""

    message = _("Something of it is booked. The number of units can be changed after that.")
    field = "units"


class StillOffered(Refusal):
    message = _("It is still offered. Withdraw the offer first.")


class StillBooked(Refusal):
    message = _("It is still booked. Wait for its return, or cancel the bookings first.")


REFUSALS = {
    "resource_code_once_per_institution": AssetNumberTaken,
    "resources_resource.code": AssetNumberTaken,
    "equipment_serial_once": SerialNumberTaken,
    "resources_equipment.serial_no": SerialNumberTaken,
    "resource_units_are_booked": UnitsAreBooked,
}


def new_public_id() -> str:
    """22 letters and digits: 131 random bits for the label."""
    return "".join(secrets.choice(ALPHABET) for _place in range(22))


def register(
    *,
    institution,
    kind: CatalogueKind,
    values: dict,
    detail: dict,
    accessories: list[dict],
    by,
    now: datetime,
) -> Resource:
    """Enter a resource as a draft that only its institution sees.

    ``values`` are columns of Resource, ``detail`` of the kind's detail row, ``accessories`` rows
    of name_en, name_zh, count.  Raises AssetNumberTaken, SerialNumberTaken.
    """
    resource = Resource(
        institution=institution, kind=kind.code, public_id=new_public_id(), **values
    )
    model = Resource._meta.get_field(kind.detail).related_model
    columns, lists = _columns_and_lists(model, detail)
    row = model(resource=resource, **columns)
    resource.search_text = search_text_for(resource, row, resource.category)
    _save(resource, row, force_insert=True)
    _set_lists(row, lists)
    _replace_accessories(resource, accessories)
    audit.record(
        chains=[institution.slug],
        by=by,
        action="resource.registered",
        obj=resource,
        now=now,
        data={"code": resource.code, "kind": kind.code},
    )
    return resource


def revise(
    *,
    resource: Resource,
    version: int,
    values: dict,
    detail: dict,
    accessories: list[dict],
    by,
    now: datetime,
) -> Resource:
    """Change what was entered.  Raises StaleVersion (GEN-08), AssetNumberTaken, SerialNumberTaken,
    UnitsAreBooked."""
    current = _locked(resource, version)
    row = getattr(current, kinds[current.kind].detail)
    columns, lists = _columns_and_lists(type(row), detail)
    changes = _apply(current, values) | _apply(row, columns) | _set_lists(row, lists)
    before = [str(line) for line in current.accessories.order_by("pk")]
    current.version = F("version") + 1
    current.search_text = search_text_for(current, row, current.category)
    _save(current, row)
    _replace_accessories(current, accessories)
    if COUNTED & set(changes):
        counted_times.changed(current, current.created_at, now, cause="resource", now=now)
    after = [str(line) for line in current.accessories.order_by("pk")]
    if before != after:
        changes["accessories"] = [before, after]
    audit.record(
        chains=[current.institution.slug],
        by=by,
        action="resource.revised",
        obj=current,
        now=now,
        data=changes,
    )
    return current


def retire(*, resource: Resource, by, now: datetime) -> None:
    """Take a resource out of the catalogue for good.  Raises StillOffered, StillBooked."""
    current = _locked(resource)
    if current.offers.filter(status=OfferStatus.PUBLISHED).exists():
        raise StillOffered
    if booked(current.pk, now, now + FAR, now=now):
        raise StillBooked
    before = current.status
    current.status = ResourceStatus.RETIRED
    current.version = F("version") + 1
    current.save(update_fields=["status", "version", "updated_at"])
    audit.record(
        chains=[current.institution.slug],
        by=by,
        action="resource.retired",
        obj=current,
        now=now,
        data={"status": [before, ResourceStatus.RETIRED.value]},
    )


def _locked(resource: Resource, version: int | None = None) -> Resource:
    """The row as it is now, locked; raises StaleVersion when it is not the version read."""
    rows = Resource.objects.owned_by(resource.institution).select_for_update(of=("self",))
    current = rows.get(pk=resource.pk)
    if version is not None and current.version != version:
        raise StaleVersion
    return current


def _apply(row, values: dict) -> dict[str, list[str]]:
    """Set the values; returns {field: [before, after]} of what changed."""
    changes = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            if readers(f"{row._meta.label}.{name}"):  # what nobody reads is not told either
                changes[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    return changes


def _columns_and_lists(model, detail: dict) -> tuple[dict, dict]:
    """The values of a detail row's own columns, and those of its many-to-many relations."""
    names = {field.name for field in model._meta.many_to_many}
    lists = {name: list(value) for name, value in detail.items() if name in names}
    return {name: value for name, value in detail.items() if name not in names}, lists


def _set_lists(row, lists: dict[str, list]) -> dict[str, list[str]]:
    """Set the relations of a stored row; returns what changed, as ``_apply`` does."""
    changes = {}
    for name, wanted in lists.items():
        before = list(getattr(row, name).order_by("pk"))
        if {each.pk for each in before} != {each.pk for each in wanted}:
            getattr(row, name).set(wanted)
            changes[name] = [_listed(before), _listed(wanted)]
    return changes


def _listed(rows: list) -> str:
    return ", ".join(str(each) for each in rows)


def _plain(value) -> str:
    return "" if value is None else str(value)


def _save(resource: Resource, row, **options) -> None:
    try:
        with transaction.atomic():
            resource.save(**options)
            row.resource = resource
            row.save(**options)
    except IntegrityError as error:
        for name, refusal in (REFUSALS | dict(kinds[resource.kind].refusals)).items():
            if violates(error, name):
                raise refusal from error
        raise


def _replace_accessories(resource: Resource, lines: list[dict]) -> None:
    """Keep equal lines as they are: handover records count accessories by their id."""
    wanted = [(line["name_en"], line["name_zh"], line["count"]) for line in lines]
    for old in list(resource.accessories.order_by("pk")):
        key = (old.name_en, old.name_zh, old.count)
        if key in wanted:
            wanted.remove(key)
        else:
            old.delete()
    for name_en, name_zh, number in wanted:
        Accessory.objects.create(resource=resource, name_en=name_en, name_zh=name_zh, count=number)
