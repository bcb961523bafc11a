"""When a site works: its weekly hours, and the days that are otherwise."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName
from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WorkingTimeQuerySet(OwnedQuerySet):
    tenant_field = "site__institution"

    def of(self, site):
        """Rows of a site that was itself fetched through a scope."""
        return self.scoped("of site", site=site)


class WorkingTime(models.Model):
    """Some hours of one weekday at a site, on its own clock; midnight at the end is the day's end.

    A site without any has the hours of the policy pack.
    """

    site = models.ForeignKey(
        "medshare_portal.Site",
        models.CASCADE,
        related_name="working_times",
        verbose_name=_("site"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), help_text=_("00:00 is the end of the day."))

    unscoped = models.Manager()
    objects = tenant_manager(WorkingTimeQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "weekday", "starts"],
                name="working_time_once",
                violation_error_message=_("These hours begin at the same time as others."),
            ),
            models.CheckConstraint(
                name="working_time_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")) | Q(ends="00:00"),
                violation_error_message=_("The hours end before they begin."),
            ),
            models.CheckConstraint(
                name="working_time_weekday_known", condition=Q(weekday__in=Weekday.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class SpecialDayQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", institution=institution)

    def holding_at(self, institution):
        """The city's days and the institution's own, the city's first."""
        return self.scoped("holding_at", Q(institution=institution) | Q(institution=None)).order_by(
            F("institution").asc(nulls_first=True), "day"
        )


class SpecialDay(BilingualName, models.Model):
    """A day that is not as its weekday: for the whole city, or for one institution.

    It stands above what the policy pack ships, the institution's own above the city's.
    """

    class Sort(models.TextChoices):
        HOLIDAY = "holiday", _("Public holiday")
        WORKING = "working", _("Make-up working day")
        ORDINARY = "ordinary", _("A day like others of the week")

    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.CASCADE,
        related_name="special_days",
        null=True,
        blank=True,
        verbose_name=_("institution"),
        help_text=_("Empty: for the whole city."),
    )
    day = models.DateField(_("day"))
    sort = models.CharField(_("sort"), max_length=8, choices=Sort)
    as_weekday = models.PositiveSmallIntegerField(
        _("hours of"),
        choices=Weekday,
        default=Weekday.MONDAY,
        help_text=_("Whose hours are worked on a make-up working day."),
    )
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(SpecialDayQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "day"],
                name="special_day_once",
                violation_error_message=_("This day is there already."),
            ),
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(institution=None),
                name="special_day_once_in_the_city",
                violation_error_message=_("This day is there already."),
            ),
            models.CheckConstraint(
                name="special_day_sort_known",
                condition=Q(sort__in=["holiday", "working", "ordinary"]),
            ),
            models.CheckConstraint(
                name="special_day_weekday_known", condition=Q(as_weekday__in=Weekday.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name or self.get_sort_display()}"
