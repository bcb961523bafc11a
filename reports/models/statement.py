"""What two institutions owe each other for one month, in one currency."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import localised
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from reports.settlement.states import LineSort, StatementState
from scheduling.costs import Unit


class StatementQuerySet(TenantQuerySet):
    """A draft is nobody's yet: its month still runs, or its lines are still being written."""

    def concerning(self, institution):
        """Statements with this institution on either side."""
        return self.scoped(
            "concerning",
            Q(first=institution) | Q(second=institution),
            ~Q(state=StatementState.DRAFT),
        )

    def in_city_view(self):
        """For city officials: everybody's."""
        return self.scoped("in_city_view", ~Q(state=StatementState.DRAFT))


class Statement(models.Model):
    """One pair, month and currency.  ``first`` has the lower key, so that a pair is one pair.

    What is owed is never stored here: it is the sum of the lines.
    """

    first = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    second = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    month = models.DateField(_("month"))  # its first day, by the city's calendar
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=8, choices=StatementState, default=StatementState.DRAFT
    )
    drafted_at = models.DateTimeField(_("drafted"), null=True)
    review_until = models.DateTimeField(_("review until"), null=True)
    first_accepted_at = models.DateTimeField(null=True)
    first_accepted_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    second_accepted_at = models.DateTimeField(null=True)
    second_accepted_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(StatementQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "month", "currency"], name="statement_once"
            ),
            models.CheckConstraint(
                name="statement_of_two_sides_in_order", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="statement_state_has_its_moments",
                condition=Q(
                    state="draft",
                    drafted_at__isnull=True,
                    review_until__isnull=True,
                    closed_at__isnull=True,
                )
                | Q(
                    state="review",
                    drafted_at__isnull=False,
                    review_until__isnull=False,
                    closed_at__isnull=True,
                )
                | Q(
                    state="closed",
                    drafted_at__isnull=False,
                    review_until__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="statement_acceptance_whole",
                condition=(
                    Q(first_accepted_at__isnull=True, first_accepted_by__isnull=True)
                    | Q(first_accepted_at__isnull=False, first_accepted_by__isnull=False)
                )
                & (
                    Q(second_accepted_at__isnull=True, second_accepted_by__isnull=True)
                    | Q(second_accepted_at__isnull=False, second_accepted_by__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["second", "month"], name="statement_of_second"),
            models.Index(fields=["state", "month"], name="statement_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second} {self.month:%Y-%m} {self.currency}"

    def other(self, institution):
        """The side across the table."""
        return self.second if institution.pk == self.first_id else self.first

    def accepted_by(self, institution) -> bool:
        mine = institution.pk == self.first_id
        return (self.first_accepted_at if mine else self.second_accepted_at) is not None


class OfStatementQuerySet(TenantQuerySet):
    """For rows that hang on a statement: who sees the statement sees them."""

    path = "statement"

    def of(self, statement):
        """Rows of one statement (or of an outer query's) that was found through a scope."""
        return self.scoped("of statement", **{self.path: statement})

    def concerning(self, institution):
        sides = Q(**{f"{self.path}__first": institution}) | Q(
            **{f"{self.path}__second": institution}
        )
        return self.scoped("concerning", sides, self._shown())

    def in_city_view(self):
        return self.scoped("in_city_view", self._shown())

    def _shown(self) -> Q:
        return ~Q(**{f"{self.path}__state": StatementState.DRAFT})


class StatementLine(models.Model):
    """One share, or one adjustment of a share's line; never changed and never removed.

    ``amount`` counts the smallest units of the statement's currency (``medshare_portal.money``);
    an adjustment's is the difference, negative where ``debtor`` pays less.  Names are copied, so
    that a statement reads the same after renames.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    sort = models.CharField(_("what"), max_length=10, choices=LineSort)
    creditor = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="+",
        verbose_name=_("who is paid"),
    )
    debtor = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="+", verbose_name=_("who pays")
    )
    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="statement_lines"
    )
    dispute = models.OneToOneField(
        "reports.LineDispute", models.PROTECT, null=True, related_name="adjustment"
    )
    kind = models.CharField(_("kind"), max_length=20)
    reference = models.CharField(_("reference"), max_length=30)
    what_en = models.CharField(max_length=250, blank=True)
    what_zh = models.CharField(max_length=250, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    unit = models.CharField(_("charged by"), max_length=8, choices=Unit)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    amount = models.BigIntegerField(_("amount"))
    made_at = models.DateTimeField(_("entered"))

    unscoped = models.Manager()
    objects = tenant_manager(OfStatementQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        constraints = [
            models.UniqueConstraint(
                fields=["sharing_request"], condition=Q(sort="share"), name="line_share_once"
            ),
            models.CheckConstraint(
                name="line_adjusts_by_a_dispute",
                condition=Q(sort="share", dispute__isnull=True, amount__gte=0)
                | Q(sort="adjustment", dispute__isnull=False),
            ),
            models.CheckConstraint(name="line_of_two_sides", condition=~Q(creditor=F("debtor"))),
            models.CheckConstraint(
                name="line_counts_nothing_negative", condition=Q(quantity__gte=0, price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def what(self) -> str:
        return localised(self, "what")
