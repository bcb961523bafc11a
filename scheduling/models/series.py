"""A series: requests of one institution for one resource on several dates, sent as one."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from medshare_portal.visibility import OWNER, SIDES, SIDES_AND_CITY, declare


class SeriesQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """Series that others want or have of this institution's resources."""
        return self.scoped("owned_by", owner=institution)

    def borrowed_by(self, institution):
        """Series that this institution sent."""
        return self.scoped("borrowed_by", borrower=institution)

    def concerning(self, institution):
        """Series with this institution on either side."""
        return self.scoped("concerning", Q(borrower=institution) | Q(owner=institution))

    def unanswered(self, now: datetime):
        """Asked whether they are still needed, and the time to answer is over."""
        return self.filter(confirm_due_at__lte=now)


class Series(models.Model):
    """What all dates have in common; each date is a ``SharingRequest`` of its own.

    ``rule`` is the RRULE by which the dates were found, empty where they were picked one by one.
    ``confirm_asked_at`` and ``confirm_due_at`` are set while the borrower is asked whether dates
    that nobody used are still needed; ``counted_from`` says since when unused dates count.
    """

    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="series")
    owner = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="lent_series"
    )
    borrower = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="borrowed_series"
    )
    kind = models.CharField(_("kind"), max_length=20)
    rule = models.CharField(_("repeats"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("sent"))
    created_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    counted_from = models.DateTimeField()
    confirm_asked_at = models.DateTimeField(null=True)
    confirm_due_at = models.DateTimeField(_("confirm until"), null=True)
    confirmed_at = models.DateTimeField(_("still needed, said"), null=True)
    confirmed_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(_("dates released"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(SeriesQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(name="series_not_to_oneself", condition=~Q(owner=F("borrower"))),
            models.CheckConstraint(
                name="series_question_whole",
                condition=Q(confirm_asked_at__isnull=True, confirm_due_at__isnull=True)
                | Q(
                    confirm_asked_at__isnull=False,
                    confirm_due_at__isnull=False,
                    confirm_due_at__gt=F("confirm_asked_at"),
                ),
            ),
            models.CheckConstraint(
                name="series_confirmation_whole",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirm_due_at"],
                condition=Q(confirm_due_at__isnull=False),
                name="series_unanswered",
            ),
            models.Index(fields=["borrower", "-created_at"], name="series_borrowed"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people say on the phone, such as S-12."""
        return f"S-{self.pk}"


# The owner of the row is whoever sent it: the borrower.
declare(
    "scheduling.Series",
    [
        (SIDES_AND_CITY, "id resource owner borrower kind rule created_at released_at"),
        (SIDES, "created_by confirm_asked_at confirm_due_at confirmed_at"),
        (OWNER, "confirmed_by counted_from"),
    ],
)
