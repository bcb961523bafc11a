"""The plain tables of the pages of figures: a name with what stands below it, and its numbers.

A row is a dictionary with ``name``, perhaps ``under`` and ``url``, and a text per column.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    words: Promise
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """``head`` is of the names; ``empty`` is said where there is no row."""

    head: Promise
    columns: tuple[Column, ...]
    empty: Promise


SHAPES = {
    "buckets": Shape(
        _("Expires within"),
        (
            Column("lots", _("Lots")),
            Column("value", _("Value at risk")),
            Column("stock", _("Stock")),
            Column("share", _("Share at risk")),
        ),
        _("No lot ends within 180 days."),
    ),
    "lots": Shape(
        _("Lot"),
        (
            Column("expiry", _("Expiry"), numeric=False),
            Column("on_hand", _("Packs on hand")),
            Column("left", _("Packs left at expiry")),
            Column("value", _("Value at risk")),
        ),
        _("Nothing will be left of any lot."),
    ),
    "expiry": Shape(
        _("Institution"),
        (
            Column("lots", _("Lots")),
            Column("soon", _("Within 30 days")),
            Column("value", _("Value at risk")),
            Column("saved", _("Saved")),
            Column("expired", _("Expired")),
        ),
        _("No institution has stock that ends soon."),
    ),
    "holders": Shape(
        _("Institution"),
        (
            Column("devices", _("Devices")),
            Column("units", _("Units")),
            Column("offered", _("Hours offered")),
            Column("free", _("Hours free")),
        ),
        _("Nobody."),
    ),
    "idle": Shape(
        _("Device"),
        (
            Column("days", _("Days idle")),
            Column("last", _("Last use"), numeric=False),
            Column("offered", _("Hours offered")),
        ),
        _("No device stands idle for so long."),
    ),
    "devices": Shape(
        _("Device"),
        (
            Column("class", _("Class"), numeric=False),
            Column("offered", _("Hours offered")),
            Column("booked", _("Hours booked")),
            Column("own", _("Hours of own use")),
            Column("idle", _("Idle hours")),
            Column("use", _("Scheduled utilisation")),
        ),
        _("No device is listed here."),
    ),
    "device_hours": Shape(
        _("Institution"),
        (
            Column("offered", _("Hours offered")),
            Column("booked", _("Hours booked")),
            Column("used", _("Hours used by others")),
            Column("own_used", _("Hours of own use")),
            Column("idle", _("Idle hours")),
            Column("planned_down", _("Hours in maintenance")),
            Column("unplanned_down", _("Offered hours in repair")),
            Column("repair", _("Hours in repair")),
            Column("failures", _("Failures")),
            Column("units", _("Units now")),
            Column("expected", _("Hours they should run")),
        ),
        _("No device is listed here."),
    ),
    "staff": Shape(
        _("Profession"),
        (
            Column("lent", _("Hours lent")),
            Column("lenders", _("People lent")),
            Column("borrowed", _("Hours borrowed")),
            Column("guests", _("People borrowed")),
            Column("asked", _("Shifts asked for")),
            Column("filled", _("Filled")),
            Column("fill", _("Shifts covered")),
        ),
        _("No shift was shared in this period."),
    ),
}
