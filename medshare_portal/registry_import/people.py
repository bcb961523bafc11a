"""People with one role per row, by user name, institution and role."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.actions.roles import apply_assignments
from medshare_portal.models import AuditEvent, RoleAssignment, RoleGroup, User
from medshare_portal.registry_import.rows import DATES, ImportTable, RowForm, cell_field, text_of
from medshare_portal.roles import Role

REASON = "the registry is the city's"
ASSIGNMENT = ("valid_from", "valid_until")


def people() -> dict[str, User]:
    return {row.username: row for row in User.objects.all()}


def groups() -> dict[tuple[str, str], RoleGroup]:
    """By institution ("" for the city) and role."""
    rows = RoleGroup.objects.everywhere(reason=REASON).select_related("institution")
    return {(row.institution.slug if row.institution else "", row.role): row for row in rows}


def assignments() -> dict[tuple[str, str, str], RoleAssignment]:
    rows = RoleAssignment.objects.select_related("user", "role_group__institution")
    return {
        (r.user.username, text_of(r.role_group.institution), r.role_group.role): r for r in rows
    }


class PersonRow(RowForm):
    """The person is made or updated by the user name; the row's key is the assignment."""

    key = ("username", "institution", "role")
    existing = staticmethod(assignments)
    institution = forms.CharField(label=_("institution"), required=False, empty_value="")
    role = forms.ChoiceField(label=_("role"), choices=Role.choices)
    valid_from = forms.DateField(label=_("from"), required=False, input_formats=DATES)
    valid_until = forms.DateField(label=_("until"), required=False, input_formats=DATES)

    class Meta:
        model = User
        formfield_callback = cell_field
        fields = ("username", "full_name", "email", "phone")

    def __init__(self, cells, *, lookups):
        self.assignment = lookups.of(assignments).get(self.key_of(cells)) or RoleAssignment()
        super().__init__(cells, lookups=lookups)

    def instance_of(self):
        return self.lookups.of(people).get(self.cells.get("username", ""))

    def clean(self):
        cleaned = super().clean()
        place = self.cells.get("institution", ""), self.cells.get("role", "")
        group = self.lookups.of(groups).get(place)
        if group is None and "role" in cleaned:
            self.add_error("institution", _("There is no such role at this institution."))
        elif group is not None:
            self._fill(group, cleaned)
        return cleaned

    def _fill(self, group: RoleGroup, cleaned: dict) -> None:
        row = self.assignment
        row.role_group = group
        if "valid_from" in cleaned:
            row.valid_from = cleaned["valid_from"] or row.valid_from
        if "valid_until" in cleaned:
            row.valid_until = cleaned["valid_until"]
        row.valid_from = row.valid_from or timezone.localdate()
        if row.valid_until and row.valid_until < row.valid_from:
            self.add_error("valid_until", _("The role ends before it starts."))

    def _shown(self, name: str) -> str:
        source = self.assignment if name in ASSIGNMENT else self.instance
        return self.cells.get(name, "") if name in self.key else text_of(getattr(source, name))

    def remember(self) -> None:
        """A further line may give the same new person another role."""
        self.lookups.of(people)[self.instance.username] = self.instance

    def chain(self) -> str:
        place = self.assignment.role_group.institution
        return place.slug if place else AuditEvent.CITY

    def save(self, commit=True):
        """A new person has no password and asks for a link to set one."""
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        self.instance.save()
        self.assignment.user = self.instance
        self.assignment.save()
        return self.instance


PEOPLE = ImportTable(
    "people", _("People and roles"), PersonRow, after=lambda today: apply_assignments(today=today)
)
