"""A page of the reports that somebody keeps under a name, and who has it mailed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class SavedReportQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """What people keep at this institution; who reads which of it says ``read_by``."""
        return self.scoped("owned_by", institution=institution)

    def in_city_view(self):
        """What the city's people keep."""
        return self.scoped("in_city_view", institution=None)

    def read_by(self, user):
        """A person's own, and what colleagues there share."""
        return self.filter(Q(user=user) | Q(shared=True))


class SavedReport(models.Model):
    """``page`` is the name of an address, ``about`` the institution in it (of the city's pages
    about one), ``query`` what stands behind its "?".  Nothing of what the page shows is kept:
    whoever opens it sees what the own rights allow.  Without an institution it is the city's.
    """

    institution = models.ForeignKey(
        "medshare_portal.Institution", models.CASCADE, related_name="saved_reports", null=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_reports")
    name = models.CharField(_("name"), max_length=60)
    page = models.CharField(max_length=60)
    about = models.BigIntegerField(null=True)
    query = models.CharField(max_length=400, blank=True)
    shared = models.BooleanField(_("shared with colleagues"), default=False)
    created_at = models.DateTimeField(_("created"))

    unscoped = models.Manager()
    objects = tenant_manager(SavedReportQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution", "name"], name="saved_report_name_once"
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(institution=None),
                name="saved_report_name_once_in_city",
            ),
            models.CheckConstraint(
                name="saved_report_has_a_name", condition=~Q(name="") & ~Q(page="")
            ),
            models.CheckConstraint(
                name="saved_report_of_its_place",
                condition=Q(institution=None, page__startswith="city:")
                | Q(institution__isnull=False, page__startswith="reports:", about=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReportMailQuerySet(TenantQuerySet):
    def of(self, user):
        """A person's own."""
        return self.scoped("of", user=user)


class ReportMail(models.Model):
    """Somebody has a saved report mailed every month; ``month`` is the first day of the last one
    that was sent, or of that in which it was ordered."""

    report = models.ForeignKey(SavedReport, models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_mails")
    month = models.DateField()

    unscoped = models.Manager()
    objects = tenant_manager(ReportMailQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("report by mail")
        verbose_name_plural = _("reports by mail")
        constraints = [
            models.UniqueConstraint(fields=["report", "user"], name="report_mailed_once"),
            models.CheckConstraint(name="report_mail_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.user_id}"
