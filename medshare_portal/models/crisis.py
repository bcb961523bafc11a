"""Crisis mode: the city declares it with a reason, a scope and an automatic end.

What it reaches and what it relaxes is written once, at the declaration; its end moves by acts that
are kept.  At most one is open at a time, so nobody has to ask which of two holds.
"""

import secrets
from datetime import datetime

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName

LONGEST_WAIT = 24 * 60  # minutes that an owner may be given before the city answers


def new_token() -> str:
    return secrets.token_hex(16)


def crisis_reference(pk: int) -> str:
    """What people say on the phone, such as CR-3."""
    return f"CR-{pk}"


class CrisisQuerySet(models.QuerySet):
    def running(self, moment):
        """In force at a moment, which may be an expression: from its start, up to its end."""
        return self.filter(is_open=True, starts_at__lte=moment, ends_at__gt=moment)

    def past_their_end(self, moment: datetime):
        """Open still, but only because nobody has closed them yet."""
        return self.filter(is_open=True, ends_at__lte=moment)


class Crisis(BilingualName, models.Model):
    """A declaration.  ``ends_at`` is the automatic end; ``token`` changes with every act, so what
    a process remembers under it is never out of date."""

    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    whole_city = models.BooleanField(_("the whole city"), default=False)
    notice_hours = models.PositiveIntegerField(_("notice while it lasts, hours"))
    wait_minutes = models.PositiveIntegerField(
        _("minutes that the owner has before the city answers"),
        validators=[MaxValueValidator(LONGEST_WAIT)],
    )
    starts_at = models.DateTimeField(_("declared"))
    declared_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    ends_at = models.DateTimeField(_("ends by itself"))
    is_open = models.BooleanField(default=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    token = models.CharField(max_length=32, editable=False)

    objects = CrisisQuerySet.as_manager()

    class Meta:
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=Q(is_open=True), name="crisis_one_open"
            ),
            models.CheckConstraint(
                name="crisis_has_a_name",
                condition=~Q(name_en="") | ~Q(name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.CheckConstraint(name="crisis_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="crisis_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("End must be after start."),
            ),
            models.CheckConstraint(
                name="crisis_ended_or_open",
                condition=Q(is_open=True, ended_at__isnull=True)
                | Q(
                    is_open=False,
                    ended_at__isnull=False,
                    ended_at__gte=F("starts_at"),
                    ended_at__lte=F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="crisis_wait_within_a_day", condition=Q(wait_minutes__lte=LONGEST_WAIT)
            ),
        ]

    @property
    def reference(self) -> str:
        return crisis_reference(self.pk)

    @property
    def until(self) -> datetime:
        """When it ended, or will."""
        return self.ended_at or self.ends_at


class CrisisReach(models.Model):
    """An institution and a kind that a crisis reaches; written at the declaration, append-only."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="reach")
    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "crisis"], name="crisis_reaches_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id}: {self.institution_id} {self.kind}"


class CrisisCategory(models.Model):
    """A category of the catalogue to which a crisis is narrowed within its kind, each of those
    below it in a row of its own; a kind without any is reached whole.  Append-only."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="categories")
    kind = models.CharField(_("kind"), max_length=20)
    category = models.PositiveBigIntegerField()  # its key: the core does not know the catalogue

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "crisis"], name="crisis_category_once"),
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id}: {self.kind} {self.category}"


class CrisisRelaxation(models.Model):
    """A named relaxation (``medshare_portal.relaxations``) that a crisis brings; append-only."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="relaxations")
    code = models.CharField(_("relaxation"), max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "code"], name="crisis_relaxes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id}: {self.code}"


class CrisisAct(models.Model):
    """Declared, extended, ended: who, when, why, and the end from then on; append-only."""

    class Act(models.TextChoices):
        DECLARED = "declared", _("Declared")
        EXTENDED = "extended", _("Extended")
        ENDED = "ended", _("Ended early")
        RAN_OUT = "ran_out", _("Ended by itself")

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="acts")
    act = models.CharField(_("act"), max_length=10, choices=Act)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("medshare_portal.User", models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(_("end"))
    reason = models.TextField(_("reason"), blank=True, max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="crisis_act_known",
                condition=Q(act__in=["declared", "extended", "ended", "ran_out"]),
            ),
            models.CheckConstraint(
                name="crisis_act_of_somebody_with_a_reason",
                condition=Q(act="ran_out", by__isnull=True)
                | (~Q(act="ran_out") & Q(by__isnull=False) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["crisis"], condition=Q(act="declared"), name="crisis_declared_once"
            ),
            models.UniqueConstraint(
                fields=["crisis"],
                condition=Q(act__in=["ended", "ran_out"]),
                name="crisis_ended_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id}: {self.act}"
