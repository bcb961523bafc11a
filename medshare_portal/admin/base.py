"""What every page of the registry does: asks the role, narrows look-ups, writes the audit."""

from django.contrib import admin
from django.db import models
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.models import AuditEvent

LOOKUPS = {"exact", "id", "isnull", "isempty", "gte", "lt"}


def chains_of(row) -> list[str]:
    """The audit chain that an object belongs to: its institution's, else the city's."""
    place = row if row._meta.label == "medshare_portal.Institution" else None
    for path in ("institution", "resource", "role_group", "site"):
        owner = getattr(row, path, None)
        if place is None and owner is not None:
            place = owner if path == "institution" else owner.institution
    return [place.slug if place else AuditEvent.CITY]


def differences(before: models.Model | None, after: models.Model) -> dict[str, list]:
    """Columns that changed, as texts: {column: [before, after]}; what is linked with its name."""
    changes = {}
    for field in after._meta.concrete_fields:
        old = field.value_from_object(before) if before else None
        new = field.value_from_object(after)
        if _plain(old) != _plain(new) and _is_told(field):
            changes[field.attname] = [_text(field, row) for row in (before, after)]
    return changes


def _is_told(field) -> bool:
    return not getattr(field, "auto_now", False) and field.name != "password"


def _plain(value) -> str:
    return "" if value is None else str(value)


def _text(field, row) -> str:
    value = _plain(field.value_from_object(row)) if row else ""
    if value and field.is_relation:
        return f"{getattr(row, field.name)} (#{value})"
    return value


class ByRole:
    """The role opens the whole registry; Django's per-model permissions are not used."""

    may_add = may_change = True
    may_delete = False

    def has_view_permission(self, request, obj=None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request, obj=None) -> bool:
        return self.may_add and self.admin_site.has_permission(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_change and self.admin_site.has_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Off wherever history hangs on the row: set an end or a status instead."""
        return self.may_delete and self.admin_site.has_permission(request)

    def has_module_permission(self, request) -> bool:
        return self.admin_site.has_permission(request)


class RegistryInline(ByRole, admin.TabularInline):
    extra = 0


class RegistryAdmin(ByRole, admin.ModelAdmin):
    """Base of every editable table.  ``import_table`` adds the import from CSV and XLSX."""

    list_per_page = 50
    show_full_result_count = False
    actions = None
    import_table = None
    change_list_template = "admin/registry_list.html"

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """Filters of the query string reach this table's own columns and named filters only."""
        named = {name for name in self.get_list_filter(request) if isinstance(name, str)}
        own = {field.name for field in self.model._meta.concrete_fields}
        parts = lookup.split("__")
        plain = parts[0] in own and parts[-1] in {parts[0], *LOOKUPS}
        return lookup in named or (plain and len(parts) <= 3 and "password" not in lookup)

    def save_model(self, request, obj, form, change):
        before = self._stored(obj) if change else None
        super().save_model(request, obj, form, change)
        self._remember(request, obj, differences(before, obj))

    def delete_model(self, request, obj):
        self._remember(request, obj, {"deleted": [str(obj), ""]})
        super().delete_model(request, obj)

    def save_formset(self, request, form, formset, change):
        stored = {row.pk: row for row in formset.model._base_manager.filter(pk__in=_keys(formset))}
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            self._remember(request, row, differences(None, row))
        for row, _names in formset.changed_objects:
            self._remember(request, row, differences(stored.get(row.pk), row))
        for row in formset.deleted_objects:
            self._remember(request, row, {"deleted": [str(row), ""]})

    @staticmethod
    def _stored(obj):
        return type(obj)._base_manager.filter(pk=obj.pk).first()

    @staticmethod
    def _remember(request, row, changes: dict) -> None:
        if changes:
            request.registry_changes = [
                *getattr(request, "registry_changes", ()),
                (row._meta.label_lower, str(row), changes),
            ]

    def log_addition(self, request, obj, message):
        self._audit(request, obj, "registry.added")
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self._audit(request, obj, "registry.changed")
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self._audit(request, obj, "registry.deleted")
        return super().log_deletions(request, queryset)

    def _audit(self, request, obj, action: str) -> None:
        """Last in Django's transaction around the save: what changed, before and after."""
        rows = [
            {"type": label, "which": which, "changes": changes}
            for label, which, changes in getattr(request, "registry_changes", ())
        ]
        audit.record(
            chains=chains_of(obj),
            by=request.user,
            action=action,
            obj=obj,
            now=timezone.now(),
            data={"rows": rows},
        )

    def get_urls(self):
        if self.import_table is None:
            return super().get_urls()
        from medshare_portal.admin.importing import import_urls  # noqa: PLC0415 – it needs us

        return import_urls(self) + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        context = {"import_table": self.import_table} | (extra_context or {})
        return super().changelist_view(request, context)


def _keys(formset) -> list:
    return [form.instance.pk for form in formset.initial_forms]


class ReadOnlyAdmin(RegistryAdmin):
    """What the workflow or the core has written: to be read, never edited here."""

    may_add = may_change = may_delete = False
