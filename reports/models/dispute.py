"""A line that a side does not accept: what it says instead, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from reports.models.statement import OfStatementQuerySet
from reports.settlement.states import DisputeState, LineSide


class DisputeQuerySet(OfStatementQuerySet):
    path = "line__statement"

    def unsettled(self):
        return self.filter(state__in=DisputeState.UNSETTLED)

    def claimed_by(self, institution):
        """Raised by this side of the line."""
        return self.filter(_on(institution, lambda claims: claims))

    def asked_of(self, institution):
        """Raised by the other side of the line."""
        return self.filter(_on(institution, lambda claims: claims.opposite))


def _on(institution, side_of) -> Q:
    found = Q()
    for claims in LineSide:
        found |= Q(claims=claims.value, **{f"line__{side_of(claims).value}": institution})
    return found


class LineDispute(models.Model):
    """Before → after of one line.  Both stay, whatever is decided.

    ``claims`` is the side that raised it.  ``before_*`` is what the share stood at then: its line
    with every adjustment agreed until then.  Amounts count smallest units, as those of the lines.
    """

    line = models.ForeignKey("reports.StatementLine", models.PROTECT, related_name="disputes")
    state = models.CharField(
        _("state"), max_length=10, choices=DisputeState, default=DisputeState.OPEN
    )
    claims = models.CharField(
        _("disputed by"), max_length=8, choices=LineSide, default=LineSide.DEBTOR
    )
    before_quantity = models.DecimalField(max_digits=12, decimal_places=2)
    before_price = models.DecimalField(max_digits=14, decimal_places=2)
    before_amount = models.BigIntegerField()
    after_quantity = models.DecimalField(_("right quantity"), max_digits=12, decimal_places=2)
    after_price = models.DecimalField(_("right price"), max_digits=14, decimal_places=2)
    after_amount = models.BigIntegerField()
    reason = models.TextField(_("reason"), max_length=1000)
    raised_at = models.DateTimeField(_("disputed"))
    raised_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    city_asked_at = models.DateTimeField(_("city asked"), null=True)
    city_asked_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    decision = models.TextField(_("decision of the city"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )

    unscoped = models.Manager()
    objects = tenant_manager(DisputeQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["open", "with_city"]),
                name="dispute_one_open_per_line",
            ),
            models.CheckConstraint(
                name="dispute_state_known", condition=Q(state__in=[s.value for s in DisputeState])
            ),
            models.CheckConstraint(
                name="dispute_side_known", condition=Q(claims__in=[s.value for s in LineSide])
            ),
            models.CheckConstraint(
                name="dispute_changes_something",
                condition=~Q(before_quantity=F("after_quantity"), before_price=F("after_price")),
            ),
            models.CheckConstraint(
                name="dispute_nothing_negative",
                condition=Q(after_quantity__gte=0, after_price__gte=0, after_amount__gte=0),
            ),
            models.CheckConstraint(
                name="dispute_answered_where_state_says_so",
                condition=~Q(state__in=["agreed", "refused"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dispute_decided_where_state_says_so",
                condition=~Q(state__in=["upheld", "dismissed"])
                | Q(
                    decided_at__isnull=False, decided_by__isnull=False, city_asked_at__isnull=False
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "raised_at"],
                condition=Q(state__in=["open", "with_city"]),
                name="dispute_unsettled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.state}"

    @property
    def claimant(self):
        """The institution that raised it."""
        return getattr(self.line, self.claims)

    @property
    def respondent(self):
        """The institution that answers it."""
        return getattr(self.line, LineSide(self.claims).opposite)

    @property
    def difference(self) -> int:
        """What the amount changes by, in smallest units."""
        return self.after_amount - self.before_amount
