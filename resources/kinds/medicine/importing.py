"""Stock and daily use from CSV and XLSX: one institution's rows, all or none.

The registry's machinery reads the file and says what is wrong at which line and column; here is
what a line means.  A lot is found by its own number (``code``): what the file says it has on hand
becomes a line of the ledger.
"""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Site
from medshare_portal.registry_import.rows import ImportTable, Reference, RowForm, cell_field
from resources.actions.resources import new_public_id
from resources.enums_medicine import MovementSort
from resources.kinds import kinds
from resources.kinds.medicine.actions.ledger import MOST_PACKS, Line, post
from resources.kinds.medicine.forms.lot import IDENTITY, GtinField
from resources.models import Category, MedicineLot, MedicineUse, Resource
from resources.models.medicine import item_key
from resources.search import search_text_for

KIND = "medicine"
DETAIL = (
    "generic_name_en", "generic_name_zh", "brand", "dose_form", "strength", "unit", "pack_size",
    "pack", "approval_no", "gtin", "atc", "insurance_code", "mah", "manufacturer", "lot_no",
    "mfg_date", "expiry_date", "control_class", "preparation_approval", "storage_class",
    "transfer_basis", "basis_evidence", "unit_cost", "transfer_price", "currency",
    "min_days_at_receipt",
)  # fmt: skip


class LotCells(forms.ModelForm):
    """The lot's part of a line."""

    gtin = GtinField(label="GTIN", required=False, max_length=14)

    class Meta:
        model = MedicineLot
        formfield_callback = cell_field
        fields = DETAIL


class LotRow(RowForm, LotCells):
    """The lot's columns as a row of their own, found through the resource."""

    key = ("code",)

    class Meta(LotCells.Meta):
        pass

    def instance_of(self):
        return self.stored.medicine_lot if self.stored else None

    def clean(self):
        """MED-01: what was offered keeps its number, dates and item."""
        cleaned = super().clean()
        if self.stored and self.instance.identity_fixed:
            for name in IDENTITY:
                old = self.before.get(name, "")
                if name in cleaned and name in self.cells and _written(cleaned[name]) != old:
                    message = _("Fixed since the lot was offered: it is “%(old)s”.")
                    self.add_error(name, message % {"old": old})
        return cleaned


def _written(value) -> str:
    return "" if value is None else str(value)


class StockRow(RowForm):
    """A lot and what there is of it, in one line; new ones are drafts of their institution."""

    key = ("code",)
    institution = None
    by = now = None
    on_hand = forms.IntegerField(
        label=_("packs on hand"), required=False, min_value=0, max_value=MOST_PACKS
    )

    class Meta:
        model = Resource
        formfield_callback = cell_field
        fields = ("code", "room")
        labels = {"code": kinds[KIND].number_label}

    def __init__(self, cells, *, lookups):
        super().__init__(cells, lookups=lookups)
        self.detail = self.lot_row(cells, lookups=lookups)
        self.instance.institution, self.instance.kind = self.institution, KIND
        named = {name: self._text(name) for name in ("generic_name_en", "generic_name_zh")}
        names = kinds[KIND].names_of(named | {"strength": self._text("strength")})
        self.instance.name_en, self.instance.name_zh = names["name_en"], names["name_zh"]

    def _text(self, name: str) -> str:
        if name in self.cells:
            return self.cells[name]
        return getattr(self.detail.instance, name, "") or ""

    def instance_of(self):
        if self.stored:
            self.stored.on_hand = self.stored.medicine_lot.on_hand
        return self.stored

    def remember(self) -> None:
        """A later line of the same number finds the lot with its resource."""
        self.instance.medicine_lot = self.detail.instance
        super().remember()

    def clean(self):
        cleaned = super().clean()
        wanted = cleaned.get("on_hand")
        reserved = self.stored.medicine_lot.reserved if self.stored else 0
        if wanted is not None and wanted < reserved:
            message = _("%(n)s packs are reserved: there cannot be fewer.")
            self.add_error("on_hand", message % {"n": reserved})
        elif wanted is not None:
            self.instance.on_hand = wanted
        return cleaned

    def full_clean(self):
        """Errors of both halves, each at its column."""
        super().full_clean()
        if not self.is_bound or not hasattr(self, "detail"):
            return
        for name, found in self.detail.errors.items():
            self._errors.setdefault(name, self.error_class()).extend(found)

    @property
    def changes(self) -> dict[str, list[str]]:
        return super().changes | self.detail.changes

    def chain(self) -> str:
        return self.institution.slug

    def save(self, commit=True):
        """The resource, its lot, and a line of the ledger for what there is more or less."""
        resource, lot = self.instance, self.detail.instance
        resource.search_text = search_text_for(resource, lot, resource.category)
        if self.is_new:
            resource.public_id = new_public_id()
        else:
            resource.version += 1
        resource.save()
        lot.resource = resource
        lot.save()
        more = getattr(resource, "on_hand", lot.on_hand) - lot.on_hand
        if more:
            post(lot=lot, line=self._line(more), by=self.by, now=self.now)
        return resource

    def _line(self, more: int) -> Line:
        """What is there less than at the last import was used: own wards are the only way out
        that the portal does not see itself."""
        reason = str(_("Stock import"))
        if more < 0:
            return Line(sort=MovementSort.ISSUE, quantity=-more, reason=reason)
        sort = MovementSort.RECEIVE if self.is_new else MovementSort.CORRECT
        return Line(sort=sort, quantity=more, reason=reason)


class UseRow(RowForm):
    """What an institution uses of an item in a day."""

    key = ("dose_form", "strength", "unit")
    institution = None
    now = None

    class Meta:
        model = MedicineUse
        formfield_callback = cell_field
        fields = (
            "generic_name_en",
            "generic_name_zh",
            "dose_form",
            "strength",
            "unit",
            "units_per_day",
            "units_per_day_last_year",
            "measured_days",
            "measured_until",
        )

    @classmethod
    def key_of(cls, cells):
        names = ("generic_name_en", "generic_name_zh", "dose_form", "strength", "unit")
        return (item_key(*(cells.get(name, "") for name in names)),)

    def __init__(self, cells, *, lookups):
        super().__init__(cells, lookups=lookups)
        self.instance.institution = self.institution
        self.instance.item_key = self.key_of(cells)[0]

    def clean_measured_until(self):
        """Nothing was measured on a day that is still to come."""
        day = self.cleaned_data["measured_until"]
        if day and day > timezone.localdate(self.now):
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def chain(self) -> str:
        return self.institution.slug


class StockTable(ImportTable):
    @property
    def columns(self):
        return {**self.row_form.base_fields, **self.row_form.lot_row.base_fields}


def stock_table(institution, *, by, now: datetime) -> ImportTable:
    """Lots of an institution, with what there is of each."""

    def lots() -> dict:
        rows = Resource.objects.owned_by(institution).filter(kind=KIND)
        related = rows.select_related("institution", "site", "category", "medicine_lot")
        return {(row.code,): row for row in related}

    def sites() -> dict:
        return {site.code: site for site in Site.objects.owned_by(institution)}

    found = {"existing": staticmethod(lots)}
    references = {
        "site": Reference(sites, label=_("site")),
        "category": Reference(_categories, label=_("category")),
    }
    lot_row = type("OwnLotRow", (LotRow,), found)
    own = {"institution": institution, "by": by, "now": now, "lot_row": lot_row}
    meta = type("Meta", (StockRow.Meta,), {"fields": ("code", "site", "category", "room")})
    row = type("OwnStockRow", (StockRow,), found | references | own | {"Meta": meta})
    return StockTable(f"{institution.slug}-stock", _("Stock of medicines"), row)


def _categories() -> dict[str, Category]:
    return {row.slug: row for row in Category.objects.filter(kind=KIND, shareable=True)}


def use_table(institution, *, by, now: datetime) -> ImportTable:
    """Daily use of an institution, item by item."""

    def uses() -> dict:
        rows = MedicineUse.objects.owned_by(institution)
        return {(row.item_key,): row for row in rows}

    own = {"existing": staticmethod(uses), "institution": institution, "now": now}
    return ImportTable(
        f"{institution.slug}-use", _("Daily use of medicines"), type("OwnUseRow", (UseRow,), own)
    )


TABLES = {"stock": stock_table, "use": use_table}
