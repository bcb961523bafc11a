"""What a request came to: frozen in the transaction in which it ended."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import localised
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from reports.demand import Outcome
from reports.facts import Correction
from scheduling.costs import Unit
from scheduling.states import Priority, Side, State

MONEY = {"max_digits": 14, "decimal_places": 2}
AMOUNT = {"max_digits": 12, "decimal_places": 3, "null": True}


class UsageQuerySet(TenantQuerySet):
    def given_by(self, institution):
        """What this institution was asked for."""
        return self.scoped("given_by", owner_key=institution.pk)

    def received_by(self, institution):
        """What this institution asked for."""
        return self.scoped("received_by", borrower_key=institution.pk)

    def concerning(self, institution):
        """With this institution on either side."""
        return self.scoped(
            "concerning", Q(owner_key=institution.pk) | Q(borrower_key=institution.pk)
        )

    def in_city_view(self):
        """For city officials: everybody's; a fact names no person."""
        return self.scoped("in_city_view")

    def current(self):
        """Of each request the fact that holds: none corrects it."""
        later = UsageFact.objects.in_city_view().filter(
            request_key=OuterRef("request_key"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))


class UsageFact(models.Model):
    """One request that has ended.  Nothing points at live rows and names are copied as they were,
    so it survives renames, merges, deletions and anonymisation; no person is named.

    Append-only: a correction is a row with the next ``version``, and the highest one holds.
    ``used_*`` are handover and return, ``ended_side`` who ended it, ``reason_code`` why.
    ``first_day`` and ``last_day``: the days, on the clock of ``time_zone``, that it can count in.
    """

    request_key = models.BigIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    correction = models.CharField(
        _("corrected because"), max_length=12, choices=Correction, blank=True
    )
    reference = models.CharField(_("reference"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    reason_code = models.CharField(_("reason"), max_length=20, blank=True)
    ended_side = models.CharField(_("ended by"), max_length=8, choices=Side)

    owner_key = models.BigIntegerField()
    owner_en = models.CharField(_("owner (English)"), max_length=200, blank=True)
    owner_zh = models.CharField(_("owner (Chinese)"), max_length=200, blank=True)
    owner_level = models.CharField(_("level of the owner"), max_length=10, blank=True)
    owner_district_en = models.CharField(max_length=80, blank=True)
    owner_district_zh = models.CharField(max_length=80, blank=True)
    borrower_key = models.BigIntegerField()
    borrower_en = models.CharField(_("borrower (English)"), max_length=200, blank=True)
    borrower_zh = models.CharField(_("borrower (Chinese)"), max_length=200, blank=True)
    borrower_level = models.CharField(_("level of the borrower"), max_length=10, blank=True)
    borrower_district_en = models.CharField(max_length=80, blank=True)
    borrower_district_zh = models.CharField(max_length=80, blank=True)
    resource_key = models.BigIntegerField()
    resource_en = models.CharField(_("resource (English)"), max_length=200, blank=True)
    resource_zh = models.CharField(_("resource (Chinese)"), max_length=200, blank=True)
    resource_units = models.PositiveIntegerField(default=1)
    category_code = models.CharField(_("category"), max_length=40)
    category_path = models.CharField(max_length=250)
    category_en = models.CharField(_("category (English)"), max_length=200, blank=True)
    category_zh = models.CharField(_("category (Chinese)"), max_length=200, blank=True)

    priority = models.CharField(_("urgency"), max_length=8, choices=Priority)
    mode = models.CharField(_("mode"), max_length=8, blank=True)
    automatic = models.BooleanField(_("decided by a rule of the offer"), default=False)
    in_crisis = models.BooleanField(_("in a crisis"), default=False)
    warnings_passed = models.PositiveSmallIntegerField(_("warnings passed"), default=0)

    exceptions_made = models.PositiveSmallIntegerField(
        _("exceptions from a rule"),
        null=True,  # unknown of what ended before they were counted
    )

    asked_starts_at = models.DateTimeField(_("first asked from"), null=True)
    asked_ends_at = models.DateTimeField(_("first asked until"), null=True)
    starts_at = models.DateTimeField(_("agreed from"), null=True)
    ends_at = models.DateTimeField(_("agreed until"), null=True)
    blocked_from = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    used_from = models.DateTimeField(_("used from"), null=True)
    used_until = models.DateTimeField(_("used until"), null=True)
    submitted_at = models.DateTimeField(_("sent"))
    answer_due_at = models.DateTimeField(_("answer due"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    ended_at = models.DateTimeField(_("ended"))
    answer_seconds = models.BigIntegerField(_("waited for the answer"), null=True)
    start_seconds = models.BigIntegerField(_("waited for the start"), null=True)
    distance_km = models.FloatField(_("distance"), null=True)

    asked_units = models.PositiveIntegerField(default=1)
    units = models.PositiveIntegerField(default=1)
    asked_quantity = models.DecimalField(_("first asked quantity"), **AMOUNT)
    quantity = models.DecimalField(_("agreed quantity"), **AMOUNT)
    accepted = models.DecimalField(_("accepted"), **AMOUNT)
    rejected = models.DecimalField(_("rejected"), **AMOUNT)
    lost = models.DecimalField(_("lost"), **AMOUNT)
    unit_value = models.DecimalField(_("worth of one"), null=True, **MONEY)
    rescued = models.BooleanField(_("given close to its end of use"), default=False)
    charge_unit = models.CharField(max_length=8, choices=Unit, blank=True)
    charge_quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    charge_price = models.DecimalField(null=True, **MONEY)
    charge_amount = models.BigIntegerField(null=True)  # smallest units of the currency
    currency = models.CharField(_("currency"), max_length=3)

    time_zone = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    recorded_at = models.DateTimeField(_("recorded"))

    unscoped = models.Manager()
    objects = tenant_manager(UsageQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("fact of use")
        verbose_name_plural = _("facts of use")
        constraints = [
            models.UniqueConstraint(fields=["request_key", "version"], name="usage_version_once"),
            models.CheckConstraint(
                name="usage_state_ended", condition=Q(state__in=list(State.ENDED))
            ),
            models.CheckConstraint(
                name="usage_outcome_known", condition=Q(outcome__in=[o.value for o in Outcome])
            ),
            models.CheckConstraint(
                name="usage_correction_says_why",
                condition=Q(version=1, correction="")
                | (Q(version__gt=1) & Q(correction__in=[c.value for c in Correction])),
            ),
            models.CheckConstraint(
                name="usage_two_sides", condition=~Q(owner_key=F("borrower_key"))
            ),
            models.CheckConstraint(
                name="usage_times_in_order",
                condition=(Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")))
                & (Q(used_until__isnull=True) | Q(used_until__gte=F("used_from")))
                & Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="usage_closed_was_used",
                condition=~Q(state="closed") | Q(used_from__isnull=False, used_until__isnull=False),
            ),
            models.CheckConstraint(name="usage_units_positive", condition=Q(units__gte=1)),
        ]
        indexes = [
            models.Index(fields=["owner_key", "last_day"], name="usage_given"),
            models.Index(fields=["borrower_key", "last_day"], name="usage_received"),
            models.Index(fields=["ended_at", "id"], name="usage_by_end"),
            models.Index(fields=["decided_at"], name="usage_by_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.outcome})"

    @property
    def owner(self) -> str:
        return localised(self, "owner")

    @property
    def borrower(self) -> str:
        return localised(self, "borrower")

    @property
    def what(self) -> str:
        return localised(self, "resource")

    @property
    def category(self) -> str:
        return localised(self, "category")
