"""A posted demand that is tied to no resource, its history, and who can help."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager
from scheduling.states import Priority


class NeedState(models.TextChoices):
    """What became of a need."""

    OPEN = "open", pgettext_lazy("need", "Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Not met")


class NeedQuerySet(OwnedQuerySet):
    def visible_to(self, institution):
        """The city's open needs, our own of any time, and those that we answered."""
        answered = NeedAnswer.objects.owned_by(institution).values("need")
        return self.scoped(
            "visible_to",
            Q(institution=institution) | Q(state=NeedState.OPEN) | Q(pk__in=answered),
        )

    def open(self):
        return self.filter(state=NeedState.OPEN)

    def for_round(self, institutions=None):
        """Open needs that a matching round may serve: of these institutions, or of the city."""
        whose = Q() if institutions is None else Q(institution__in=institutions)
        return self.scoped("for_round", whose, state=NeedState.OPEN)

    def in_city_view(self):
        """For city officials: what was asked for, not why (``scheduling/visibility.py``)."""
        return self.scoped("in_city_view")

    def of_others(self, institution):
        """Open needs of everybody else."""
        return self.scoped("visible_to", ~Q(institution=institution), state=NeedState.OPEN)


class Need(models.Model):
    """What an institution needs, listed by nobody yet.

    It has a window (``starts_at`` to ``ends_at``, movable by ``flexible_hours``) or a moment by
    which it must be there (``needed_by``).  ``what`` are the words, ``category`` their meaning
    where the city's classification has one.  ``told_at``: those who could serve have been told.
    """

    institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="needs"
    )
    kind = models.CharField(_("kind"), max_length=20)
    category = models.ForeignKey(
        "resources.Category", models.PROTECT, null=True, related_name="needs"
    )
    what = models.CharField(_("what"), max_length=200)
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("until"), null=True)
    needed_by = models.DateTimeField(_("needed by"), null=True)
    flexible_hours = models.PositiveIntegerField(_("may shift by, hours"), default=0)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    skills = models.CharField(_("skills or properties"), max_length=300, blank=True)
    site = models.ForeignKey(
        "medshare_portal.Site",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("needed at"),
    )
    within_km = models.PositiveIntegerField(_("within"), null=True)
    priority = models.CharField(_("urgency"), max_length=8, choices=Priority)
    justification = models.TextField(_("why it is urgent"), max_length=1000, blank=True)
    note = models.TextField(_("what else matters"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=NeedState, default=NeedState.OPEN)
    created_at = models.DateTimeField(_("posted"))
    created_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("ends by itself"))
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = tenant_manager(NeedQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.CheckConstraint(
                name="need_state_known", condition=Q(state__in=[s.value for s in NeedState])
            ),
            models.CheckConstraint(
                name="need_priority_known", condition=Q(priority__in=[p.value for p in Priority])
            ),
            models.CheckConstraint(
                name="need_has_window_or_moment",
                condition=Q(
                    starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")
                )
                | Q(starts_at__isnull=True, ends_at__isnull=True, needed_by__isnull=False),
                violation_error_message=_("Give a time from – until, or a moment by which."),
            ),
            models.CheckConstraint(
                name="need_urgent_with_justification",
                condition=Q(priority="routine") | ~Q(justification=""),
                violation_error_message=_("Say why it is urgent."),
            ),
            models.CheckConstraint(name="need_says_what", condition=~Q(what="")),
            models.CheckConstraint(name="need_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="need_ended_where_state_says_so",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "expires_at"], name="need_open"),
            models.Index(fields=["institution", "state", "created_at"], name="need_of_institution"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"N-{self.pk}"

    @property
    def name(self) -> str:
        """The category in the reader's language, or the words as they were typed."""
        return self.category.name if self.category else self.what


class OfNeedQuerySet(TenantQuerySet):
    """For rows that hang on a need: who sees the need sees them."""

    def of(self, need):
        """Rows of one need that was itself fetched through a scope."""
        return self.scoped("of need", need=need)


class NeedAmendment(models.Model):
    """What was changed in a need: ``changes`` maps a column to its words before and after.
    Append-only."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="amendments")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict)

    unscoped = models.Manager()
    objects = tenant_manager(OfNeedQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")

    def __str__(self) -> str:
        return f"{self.need_id} {self.at:%Y-%m-%d %H:%M}"


class AnswerQuerySet(OwnedQuerySet):
    def of(self, need):
        """All answers to a need: for its own institution only."""
        return self.scoped("of need", need=need)

    def standing(self):
        """Those that were not taken back."""
        return self.filter(taken_back_at__isnull=True)


class NeedAnswer(models.Model):
    """An institution can help with one of its resources; the needing side asks for it."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="answers")
    institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="need_answers"
    )
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="need_answers")
    note = models.TextField(_("message"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(AnswerQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("answer to a need")
        verbose_name_plural = _("answers to needs")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "resource"],
                condition=Q(taken_back_at__isnull=True),
                name="answer_once_per_resource",
            ),
            models.CheckConstraint(
                name="answer_taken_back_after_it_was_given",
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} ← {self.resource_id}"
