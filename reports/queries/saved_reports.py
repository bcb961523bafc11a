"""Which saved reports somebody reads, and who still may when one is mailed."""

from django.db.models import Exists, OuterRef

from medshare_portal.models import Institution, User
from medshare_portal.roles import Permission, roles_with
from reports.models import ReportMail, SavedReport


def saved_at(institution: Institution | None):
    """Of an institution, or of the city's people."""
    if institution is None:
        return SavedReport.objects.in_city_view()
    return SavedReport.objects.owned_by(institution)


def reports_of(user: User, institution: Institution | None) -> list[SavedReport]:
    """The reader's own first; ``mailed`` says whether the reader has it mailed."""
    mine = ReportMail.objects.of(user).filter(report=OuterRef("pk"))
    rows = saved_at(institution).read_by(user).select_related("user")
    found = rows.annotate(mailed=Exists(mine)).order_by("name", "pk")
    return sorted(found, key=lambda row: row.user_id != user.pk)


def is_mailed_to(user: User, report: SavedReport) -> bool:
    return ReportMail.objects.of(user).filter(report=report).exists()


def still_reads(user: User, institution: Institution | None, pk: int) -> bool:
    """Whether a person has ordered it by mail and may still open it: asked when it is sent."""
    permission = Permission.CITY_VIEW if institution is None else Permission.VIEW
    groups = user.groups.filter(
        role_group__institution=institution, role_group__role__in=roles_with(permission)
    )
    ordered = ReportMail.objects.of(user).filter(report=pk)
    return (
        user.is_active
        and groups.exists()
        and ordered.exists()
        and saved_at(institution).read_by(user).filter(pk=pk).exists()
    )
