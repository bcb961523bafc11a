"""Institutions by their short name, sites by institution and code."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.actions.roles import sync_roles
from medshare_portal.forms.codes import InstitutionCodes
from medshare_portal.models import Institution, Site
from medshare_portal.registry_import.rows import ImportTable, Reference, RowForm, cell_field

REASON = "the registry is the city's"


def by_slug() -> dict[str, Institution]:
    return {row.slug: row for row in Institution.objects.everywhere(reason=REASON)}


def institutions() -> dict[tuple[str], Institution]:
    return {(row.slug,): row for row in Institution.objects.everywhere(reason=REASON)}


def sites() -> dict[tuple[str, str], Site]:
    rows = Site.objects.everywhere(reason=REASON).select_related("institution")
    return {(row.institution.slug, row.code): row for row in rows}


class InstitutionRow(RowForm, InstitutionCodes):
    key = ("slug",)
    existing = staticmethod(institutions)

    class Meta:
        model = Institution
        formfield_callback = cell_field
        fields = (
            "slug",
            "name_en",
            "name_zh",
            "uscc",
            "practice_licence_no",
            "licence_valid_to",
            "institution_type",
            "hospital_level",
            "district_en",
            "district_zh",
            "beds",
            "service_population",
            "status",
            "contact_phone",
        )

    def clean_practice_licence_no(self):
        """Unique where it is given."""
        return self.cleaned_data["practice_licence_no"] or None

    def chain(self) -> str:
        return self.instance.slug


class SiteRow(RowForm):
    key = ("institution", "code")
    existing = staticmethod(sites)
    institution = Reference(by_slug, label=_("institution"))

    class Meta:
        model = Site
        formfield_callback = cell_field
        fields = (
            "institution",
            "code",
            "name_en",
            "name_zh",
            "address_line",
            "district",
            "city",
            "state",
            "postal_code",
            "country",
            "phone",
            "url",
            "latitude",
            "longitude",
            "time_zone",
            "hours_of_operation",
            "gln",
            "is_main",
            "active",
        )

    def chain(self) -> str:
        return self.instance.institution.slug


INSTITUTIONS = ImportTable(
    "institutions", _("Institutions"), InstitutionRow, after=lambda today: sync_roles(today=today)
)
SITES = ImportTable("sites", _("Sites"), SiteRow)
