"""What every institution gave and received, day by day; and which days must be counted anew."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from reports.rollups.columns import COLUMNS, KEYS


class OfInstitutionQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """The numbers of this institution, on either side."""
        return self.scoped("owned_by", institution_key=institution.pk)

    def in_city_view(self):
        """For city officials: everybody's."""
        return self.scoped("in_city_view")


def _number() -> models.BigIntegerField:
    return models.BigIntegerField(default=0)


class DailyRollup(models.Model):
    """One institution, side, kind, category and day, on the clock of the place of use.

    What the columns count is written in ``rollups.columns``.  Counted from the facts of use and
    the requests that are open, by ``actions.counting``; nothing else writes here.
    """

    day = models.DateField(_("day"))
    institution_key = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8)
    kind = models.CharField(_("kind"), max_length=20)
    category_code = models.CharField(_("category"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)

    offered = _number()
    booked = _number()
    used = _number()
    own_used = _number()
    planned_down = _number()
    unplanned_down = _number()
    idle = _number()
    repair = _number()
    confirmed = _number()
    notice = _number()
    load_used = _number()
    load_most = _number()

    requested = _number()
    ended = _number()
    filled = _number()
    refused = _number()
    too_slow = _number()
    missed = _number()
    withdrawn = _number()
    cancelled = _number()
    recalled = _number()
    released = _number()
    not_collected = _number()
    answered = _number()
    answered_in_time = _number()
    answered_by_rule = _number()
    lent = _number()
    returned_late = _number()
    filled_whole = _number()
    cancelled_late = _number()
    excepted = _number()
    metres = _number()
    failures = _number()

    looks = _number()
    looks_refused = _number()
    looks_emergency = _number()
    reviews_due = _number()
    reviewed_in_time = _number()
    grants_ended = _number()
    grants_expired = _number()
    looks_granted = _number()
    recognisable = _number()
    recognised = _number()

    packs_asked = _number()
    packs_accepted = _number()
    packs_rejected = _number()
    packs_lost = _number()
    packs_rescued = _number()
    packs_expired = _number()
    packs_used = _number()

    charged = _number()
    value_given = _number()
    value_rescued = _number()
    value_expired = _number()
    value_used = _number()
    value_stock = _number()

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("numbers of a day")
        verbose_name_plural = _("numbers of days")
        constraints = [
            models.UniqueConstraint(fields=list(KEYS), name="rollup_once"),
            models.CheckConstraint(
                name="rollup_side_known", condition=Q(side__in=["owner", "borrower"])
            ),
            models.CheckConstraint(
                name="rollup_nothing_negative",
                condition=Q(**{f"{name}__gte": 0 for name in COLUMNS}),
            ),
        ]
        indexes = [models.Index(fields=["institution_key", "day"], name="rollup_of_institution")]

    def __str__(self) -> str:
        return f"{self.institution_key} {self.day} {self.category_code}"


class DayMark(models.Model):
    """Days of an institution that were counted and must be counted anew: left by what changed
    them, in its transaction."""

    institution_key = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    cause = models.CharField(max_length=40)
    marked_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("mark on days")
        verbose_name_plural = _("marks on days")
        constraints = [
            models.CheckConstraint(
                name="mark_days_in_order", condition=Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_key} {self.first_day}–{self.last_day}"


class CountedDays(models.Model):
    """Up to which day an institution is counted; its row is the lock of whoever counts it."""

    institution_key = models.BigIntegerField(primary_key=True)
    first_day = models.DateField()
    last_day = models.DateField()
    counted_at = models.DateTimeField(_("counted"))

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("counted days")
        verbose_name_plural = _("counted days")

    def __str__(self) -> str:
        return f"{self.institution_key} {self.last_day}"
