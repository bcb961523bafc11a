"""Who is away from where, until when, and who stands in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager


class AbsenceQuerySet(OwnedQuerySet):
    def of_deputy(self, user):
        """Absences in which this person stands in, at whichever institution."""
        return self.scoped("of_deputy", deputy=user)

    def running(self):
        """By the database's clock: roles hold at the moment of the statement that asks."""
        return self.filter(starts_at__lte=Now(), ends_at__gt=Now())


class Absence(models.Model):
    """Days on which a person is away from an institution and a colleague has its roles there.

    ``starts_at`` and ``ends_at`` are those days on the clock of the main site; ending early moves
    ``ends_at``.  The row is kept: it says why somebody could do what it did.
    """

    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="absences",
        verbose_name=_("institution"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="stands_in",
        verbose_name=_("deputy"),
    )
    from_day = models.DateField(_("first day"))
    until_day = models.DateField(_("last day"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    unscoped = models.Manager()
    objects = tenant_manager(AbsenceQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=~Q(user=F("deputy")),
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(until_day__gte=F("from_day"), ends_at__gte=F("starts_at")),
                violation_error_message=_("The last day is before the first."),
            ),
        ]
        indexes = [
            models.Index(fields=["deputy", "ends_at"], name="absence_of_deputy"),
            models.Index(fields=["user", "ends_at"], name="absence_of_person"),
            models.Index(fields=["institution", "ends_at"], name="absence_at_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.deputy}, {self.from_day} – {self.until_day}"
