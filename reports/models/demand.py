"""Who wanted what, and whether they got it: frozen when it ended."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import localised
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from reports.demand import OWNERS_REASONS, Outcome, Source
from scheduling.states import Priority

NOT_MET = Q(outcome__in=Outcome.NOT_MET) | Q(
    outcome=Outcome.CANCELLED.value, reason_code__in=OWNERS_REASONS
)


class DemandQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """What this institution wanted."""
        return self.scoped("owned_by", institution_key=institution.pk)

    def in_city_view(self):
        """For city officials: everybody's."""
        return self.scoped("in_city_view")

    def counted_once(self):
        """Without what became a sharing request, whose own fact says how that ended."""
        return self.filter(as_request=False)

    def not_met(self):
        return self.filter(NOT_MET)


class DemandFact(models.Model):
    """One demand that has ended.  Names are copied and nothing points at live rows, so the fact
    survives renames and deletions; append-only.

    ``as_request``: what was wanted became a sharing request, whose own fact says how that ended;
    totals over all sources leave these out.
    """

    source = models.CharField(_("said as"), max_length=8, choices=Source)
    source_key = models.BigIntegerField()
    reference = models.CharField(_("reference"), max_length=40)
    institution_key = models.BigIntegerField()
    institution_en = models.CharField(_("institution (English)"), max_length=200, blank=True)
    institution_zh = models.CharField(_("institution (Chinese)"), max_length=200, blank=True)
    owner_key = models.BigIntegerField(null=True)
    owner_en = models.CharField(_("asked of (English)"), max_length=200, blank=True)
    owner_zh = models.CharField(_("asked of (Chinese)"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20)
    category_code = models.CharField(_("category"), max_length=40, blank=True)
    category_path = models.CharField(max_length=250, blank=True)
    category_en = models.CharField(_("category (English)"), max_length=200, blank=True)
    category_zh = models.CharField(_("category (Chinese)"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("until"), null=True)
    needed_by = models.DateTimeField(_("needed by"), null=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Priority)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    reason_code = models.CharField(_("reason"), max_length=20, blank=True)
    as_request = models.BooleanField(default=False)
    first_asked_at = models.DateTimeField(_("first asked"))
    ended_at = models.DateTimeField(_("ended"))
    recorded_at = models.DateTimeField(_("recorded"))

    unscoped = models.Manager()
    objects = tenant_manager(DemandQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("fact of demand")
        verbose_name_plural = _("facts of demand")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="demand_once_per_source"),
            models.CheckConstraint(
                name="demand_source_known", condition=Q(source__in=[s.value for s in Source])
            ),
            models.CheckConstraint(
                name="demand_outcome_known", condition=Q(outcome__in=[o.value for o in Outcome])
            ),
            models.CheckConstraint(
                name="demand_urgency_known", condition=Q(urgency__in=[p.value for p in Priority])
            ),
            models.CheckConstraint(name="demand_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="demand_ended_after_asked", condition=Q(ended_at__gte=F("first_asked_at"))
            ),
            models.CheckConstraint(
                name="demand_as_request_was_filled",
                condition=Q(as_request=False)
                | (Q(outcome=Outcome.FILLED.value) & ~Q(source=Source.REQUEST.value)),
            ),
        ]
        indexes = [
            models.Index(fields=["institution_key", "ended_at"], name="demand_of_institution"),
            models.Index(fields=["source", "ended_at"], name="demand_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.outcome}"

    @property
    def is_not_met(self) -> bool:
        """As ``NOT_MET`` says it in the database."""
        theirs = self.outcome == Outcome.CANCELLED and self.reason_code in OWNERS_REASONS
        return theirs or self.outcome in Outcome.NOT_MET

    @property
    def what(self) -> str:
        return localised(self, "category")

    @property
    def institution(self) -> str:
        return localised(self, "institution")

    @property
    def owner(self) -> str:
        return localised(self, "owner")
