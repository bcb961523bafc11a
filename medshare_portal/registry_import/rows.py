"""One form per row: the model's own checks, references by code, and what would change."""

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property

from django import forms
from django.db import models
from django.db.models import CheckConstraint, UniqueConstraint
from django.forms.models import construct_instance
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.registry_import.conditions import columns_of, holds
from medshare_portal.tenancy import TenantQuerySet

DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
YES = {"yes", "y", "true", "1", "是"}
NO = {"no", "n", "false", "0", "否", ""}


class Lookups:
    """Rows of other tables by their codes, each table read once per import."""

    def __init__(self):
        self._tables: dict[Callable, dict] = {}

    def of(self, load: Callable[[], dict]) -> dict:
        if load not in self._tables:
            self._tables[load] = load()
        return self._tables[load]


class YesNo(forms.Field):
    """yes or no, 1 or 0, 是 or 否."""

    def to_python(self, value):
        word = str(value).strip().lower()
        if word in YES:
            return True
        if word in NO:
            return False
        raise forms.ValidationError(_("Write yes or no."))


class Reference(forms.CharField):
    """Another table's row by its code; ``load`` gives {code: row}."""

    def __init__(self, load: Callable[[], dict], **kwargs):
        self.load = load
        self.lookups: Lookups | None = None
        super().__init__(**kwargs)

    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        found = self.lookups.of(self.load).get(code)
        if found is None:
            raise forms.ValidationError(_("There is no “%(code)s”."), params={"code": code[:60]})
        return found


def cell_field(model_field, **kwargs):
    """``formfield_callback``: plain dates and yes/no; everything else as the model says."""
    if isinstance(model_field, models.URLField):
        kwargs |= {"assume_scheme": "https"}
    field = model_field.formfield(**kwargs)
    if isinstance(field, forms.BooleanField):
        return YesNo(label=field.label, required=False)
    if isinstance(field, forms.DateField):
        return forms.DateField(label=field.label, required=field.required, input_formats=DATES)
    return field


class RowForm(forms.ModelForm):
    """Base.  ``key`` names the columns that find an existing row, ``existing`` loads {key: row}.

    A column that the file lacks keeps what is stored; an empty cell clears a text and keeps a
    value that cannot be empty.
    """

    key: tuple[str, ...] = ()
    existing: Callable[[], dict]

    def __init__(self, cells: dict[str, str], *, lookups: Lookups):
        self.lookups, self.cells = lookups, cells
        self.stored = lookups.of(type(self).existing).get(self.key_of(cells))
        self.is_new = self.stored is None
        instance = self.instance_of()
        super().__init__(self._filled(instance), instance=instance)
        self.before = {n: self._shown(n) for n in self.fields} if self.instance.pk else {}
        self._take_away_missing()
        for field in self.fields.values():
            if isinstance(field, Reference):
                field.lookups = lookups

    def instance_of(self):
        """The row that the form writes, None for a new one."""
        return self.stored

    def _take_away_missing(self) -> None:
        """A new row still needs its required columns, unless the model has a default."""
        for name in list(self.fields):
            needed = self.is_new and self.fields[name].required and not self._has_default(name)
            if name not in self.cells and not needed:
                del self.fields[name]

    def _post_clean(self):
        """As ModelForm's, but references are known already and checks are made without a query.

        The whole row is checked, also columns that the file lacks; uniqueness of rows that
        change nothing is not asked again.
        """
        known = {name for name, field in self.fields.items() if isinstance(field, Reference)}
        exclude = self._get_validation_exclusions() | known
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        try:
            self.instance.full_clean(exclude, validate_unique=False, validate_constraints=False)
        except forms.ValidationError as error:
            self._update_errors(error)
        if self.is_new or self.differences():
            self._check(UniqueConstraint)
            self.validate_unique()
        self._check(CheckConstraint)

    def _check(self, sort: type) -> None:
        """The model's constraints of one sort, but for columns that have an error already."""
        model = type(self.instance)
        for constraint in model._meta.constraints:
            if not isinstance(constraint, sort):
                continue
            try:
                self._check_one(constraint, model)
            except forms.ValidationError as error:
                self._update_errors(error)

    def _check_one(self, constraint, model) -> None:
        if isinstance(constraint, UniqueConstraint):
            wrong = self._is_taken(constraint, model)
        else:
            known = columns_of(constraint.condition).isdisjoint(self.errors)
            wrong = known and holds(constraint.condition, self.instance) is False
        if wrong:
            raise forms.ValidationError(constraint.get_violation_error_message())

    def _is_taken(self, constraint: UniqueConstraint, model) -> bool:
        """Whether another stored row has these values.  The key needs no question: it found us."""
        names, row = set(constraint.fields), self.instance
        if names <= set(self.key) or not names.isdisjoint(self.errors):
            return False
        if constraint.condition is not None and holds(constraint.condition, row) is not True:
            return False
        values = {name: row.serializable_value(name) for name in constraint.fields}
        if None in values.values():
            return False
        return _all_rows(model).filter(**values).exclude(pk=row.pk).exists()

    @classmethod
    def key_of(cls, cells: dict[str, str]) -> tuple[str, ...]:
        return tuple(cells.get(name, "") for name in cls.key)

    def _filled(self, instance) -> dict:
        """Empty cells of columns that cannot be empty take the stored value or the default."""
        filled = dict(self.cells)
        row = instance or self._meta.model()
        for name, text in self.cells.items():
            if not text and self._has_default(name):
                filled[name] = row.serializable_value(name)
        return filled

    def _has_default(self, name: str) -> bool:
        columns = {field.name: field for field in self._meta.model._meta.concrete_fields}
        return name in columns and columns[name].has_default()

    def _shown(self, name: str) -> str:
        """A column's present value as the file would write it."""
        return text_of(getattr(self.instance, name, ""))

    @cached_property
    def changes(self) -> dict[str, list[str]]:
        """{column: [before, after]} of what differs; valid forms only."""
        return self.differences()

    def differences(self) -> dict[str, list[str]]:
        after = {name: self._shown(name) for name in self.fields}
        return {
            name: [self.before.get(name, ""), text]
            for name, text in after.items()
            if text != self.before.get(name, "")
        }

    def remember(self) -> None:
        """Later lines of the file may refer to this row."""
        self.lookups.of(type(self).existing)[self.key_of(self.cells)] = self.instance

    def chain(self) -> str:
        """The audit chain of this row."""
        return "city"

    def save(self, commit=True):
        """Store the row; parents from the same file have their number by now."""
        self.instance.save()
        return self.instance


def _all_rows(model):
    """Serial numbers and the like are unique in the whole city."""
    rows = model.objects.all()
    guarded = isinstance(rows, TenantQuerySet)
    return rows.everywhere(reason="uniqueness spans institutions") if guarded else rows


def text_of(value) -> str:
    """A value as the file would write it; rows of other tables by their code."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    for name in ("slug", "code"):
        if hasattr(value, "_meta") and hasattr(value, name):
            return str(getattr(value, name))
    return str(value)


class ImportTable:
    """A table that can be imported: its name, label and row form."""

    def __init__(self, name: str, label: str | Promise, row_form: type[RowForm], after=None):
        self.name, self.label, self.row_form = name, label, row_form
        self.after = after  # called with today once rows were stored

    @property
    def columns(self) -> dict[str, forms.Field]:
        return self.row_form.base_fields

    @property
    def needed(self) -> list[str]:
        """Columns without which no row can be found."""
        return list(self.row_form.key)
