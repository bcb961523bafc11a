"""What is particular to a shift that a person works at another institution."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet


class StaffEngagement(models.Model):
    """The shift as it is asked for, and the timesheet that the host signs."""

    sharing_request = models.OneToOneField(
        "scheduling.SharingRequest", models.PROTECT, related_name="staff_engagement"
    )
    break_minutes = models.PositiveSmallIntegerField(_("break, minutes"), default=0)
    specialty = models.ForeignKey(
        "medshare_portal.Code",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("specialty"),
    )
    competencies = models.ManyToManyField(
        "resources.Competency", related_name="+", verbose_name=_("competencies needed")
    )
    worked_from = models.DateTimeField(_("worked from"), null=True)
    worked_until = models.DateTimeField(_("worked until"), null=True)
    worked_break_minutes = models.PositiveSmallIntegerField(_("break taken, minutes"), null=True)
    signed_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("timesheet signed"), null=True)
    confirmed_name = models.CharField(_("hours confirmed by"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(_("hours confirmed"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints = [
            models.CheckConstraint(
                name="timesheet_whole",
                condition=Q(
                    worked_from__isnull=True,
                    worked_until__isnull=True,
                    worked_break_minutes__isnull=True,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                )
                | Q(
                    worked_from__isnull=False,
                    worked_until__gt=F("worked_from"),
                    worked_break_minutes__isnull=False,
                    signed_by__isnull=False,
                    signed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.sharing_request_id)


class StaffMail(models.Model):
    """A letter to the person that waits to be mailed; who has no account gets a link by it."""

    class Event(models.TextChoices):
        INVITED = "invited", _("Invitation")
        REMINDED = "reminded", _("Reminder of an invitation")
        BOOKED = "booked", _("Booked")
        ENDED = "ended", _("Not booked, or called off")
        ON_HOLD = "on_hold", _("On hold")
        RELEASED = "released", _("No longer on hold")
        HOURS = "hours", _("Hours to confirm")
        CHANGED = "changed", _("The shift ends earlier")

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="staff_mails"
    )
    event = models.CharField(_("event"), max_length=10, choices=Event)
    queued_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    failed_at = models.DateTimeField(_("given up"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("letter to a person")
        verbose_name_plural = _("letters to people")
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
                name="staff_mail_waits",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.event}"
