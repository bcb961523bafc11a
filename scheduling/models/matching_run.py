"""One matching round: what was asked of the matcher, how far it is, and the proof of its answer."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import ConsortiumMembership
from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager
from scheduling.round_states import RoundCause, RoundScope, RoundState

LONGEST_DAYS = 14
MOST_SECONDS = 300
# What tells the rounds of a scope apart: of a consortium, the city's and those of each member.
OF_SCOPE = {
    "city": ("scope", Q(scope="city")),
    "consortium": ("consortium", Q(scope="consortium", institution__isnull=True)),
    "institution": ("institution", Q(scope="institution")),
}


class MatchingRunQuerySet(OwnedQuerySet):
    def for_city(self):
        """The rounds that officials run."""
        return self.scoped("for_city", institution__isnull=True)

    def shared_with(self, institution):
        """Those that another member runs for a consortium to which this one belonged when they were
        ordered: it learns of them, and reads of their lines its own."""
        day = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
        member = ConsortiumMembership.objects.on(OuterRef("ordered_on")).filter(
            consortium=OuterRef("consortium"), institution=institution
        )
        rows = self.alias(ordered_on=day)
        return rows.scoped(
            "shared_with", Exists(member), ~Q(institution=institution), institution__isnull=False
        )

    def told(self, institution):
        """Those whose outcome for its own offers it may read: its own, and what was published."""
        ours = Q(institution=institution, state__in=RoundState.DONE)
        return self.scoped("told", ours | Q(state=RoundState.PUBLISHED))

    def of_worker(self):
        """For the process that computes: it works through everybody's orders."""
        return self.scoped("of_worker")

    def under_way(self):
        return self.filter(state__in=RoundState.UNDER_WAY)

    def of_line(self, key: int):
        """A round that a person ordered, and its revisions."""
        return self.filter(Q(pk=key) | Q(line=key))

    def kept_current(self):
        """Those that are planned anew as their needs and offers change: one per scope at most."""
        return self.filter(keeps_current=True)


class MatchingRun(models.Model):
    """A round.  ``institution``: who runs it, over its own needs or as a member over those of a
    consortium; none: the city.

    ``number`` counts the rounds of whoever runs it.  ``parent`` is the round that
    this one repeats: its pins are kept, what it struck stays out.  ``left_out``: those of
    ``RoundAim`` that do not count.  ``progress`` maps a kind to
    ``[phase, done of 1, needs served]``; ``alive_at`` moves while the process computes, so that
    one that died is found; ``attempt`` counts the processes that were given it, so that one that
    was given up writes no more.  ``results`` are the figures of its pages, and what a revision
    started from.  ``keeps_current``: the matcher revises it as things change; its revision is the
    next round of its line, which takes the mark over.  ``line``: the round that a person ordered
    and that this one revises; none: itself.  ``seen_event``: the last line of the audit trail when
    it was drawn.
    """

    number = models.PositiveIntegerField(_("number"))
    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        null=True,
        related_name="matching_runs",
        verbose_name=_("institution"),
    )
    scope = models.CharField(_("scope"), max_length=11, choices=RoundScope)
    consortium = models.ForeignKey(
        "medshare_portal.Consortium",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("consortium"),
    )
    kinds = models.JSONField(_("kinds"), default=list)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    fairness = models.DecimalField(
        _("weight of fairness"),
        max_digits=3,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    seed = models.PositiveIntegerField(_("seed"), default=1)
    seconds = models.PositiveSmallIntegerField(
        _("time limit per kind, seconds"), default=60, validators=[MaxValueValidator(MOST_SECONDS)]
    )
    left_out = models.JSONField(_("aims left out"), default=list)
    lifted = models.JSONField(_("rules left out on trial"), default=list)
    cause = models.CharField(
        _("why it was run"), max_length=8, choices=RoundCause, default=RoundCause.ORDERED
    )
    keeps_current = models.BooleanField(_("kept up to date"), default=False)
    seen_event = models.PositiveBigIntegerField(default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")
    line = models.ForeignKey("self", models.PROTECT, null=True, related_name="revisions")
    state = models.CharField(
        _("state"), max_length=9, choices=RoundState, default=RoundState.QUEUED
    )
    progress = models.JSONField(default=dict)
    stop_asked_at = models.DateTimeField(_("stop asked"), null=True)
    created_at = models.DateTimeField(_("ordered"))
    created_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started"), null=True)
    alive_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    inputs_hash = models.CharField(_("fingerprint of the input"), max_length=64, blank=True)
    versions = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )

    unscoped = models.Manager()
    objects = tenant_manager(MatchingRunQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("matching round")
        verbose_name_plural = _("matching rounds")
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(institution__isnull=True), name="round_once_in_city"
            ),
            models.UniqueConstraint(fields=["institution", "number"], name="round_once"),
            *(
                models.UniqueConstraint(
                    fields=[field],
                    condition=Q(keeps_current=True) & which,
                    name=f"round_current_once_{scope}",
                )
                for scope, (field, which) in OF_SCOPE.items()
            ),
            models.UniqueConstraint(
                fields=["consortium", "institution"],
                condition=Q(keeps_current=True, scope="consortium", institution__isnull=False),
                name="round_current_once_member",
            ),
            models.CheckConstraint(
                name="round_cause_known", condition=Q(cause__in=[c.value for c in RoundCause])
            ),
            models.CheckConstraint(
                name="round_revision_has_parent",
                condition=Q(cause="ordered") | Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="round_revision_has_line",
                condition=Q(cause="ordered", line__isnull=True)
                | (~Q(cause="ordered") & Q(line__isnull=False)),
            ),
            models.CheckConstraint(
                name="round_state_known", condition=Q(state__in=[s.value for s in RoundState])
            ),
            models.CheckConstraint(
                name="round_scope_names_whom",
                condition=Q(scope="city", consortium__isnull=True, institution__isnull=True)
                | Q(scope="consortium", consortium__isnull=False)
                | Q(scope="institution", consortium__isnull=True, institution__isnull=False),
            ),
            models.CheckConstraint(
                name="round_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("End must be after start."),
            ),
            models.CheckConstraint(
                name="round_fairness_within", condition=Q(fairness__gte=0, fairness__lte=1)
            ),
            models.CheckConstraint(
                name="round_finished_where_state_says_so",
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["proposed", "published", "failed"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="round_published_where_state_says_so",
                condition=Q(
                    state="published", published_at__isnull=False, published_by__isnull=False
                )
                | (~Q(state="published") & Q(published_at__isnull=True, published_by__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="round_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"R-{self.pk}"

    @property
    def line_key(self) -> int:
        """Key of the first round of its line."""
        return self.line_id or self.pk


class OfRunQuerySet(TenantQuerySet):
    """For rows that hang on a round: who sees the round sees them."""

    def of(self, run):
        """Rows of one round that was itself fetched through a scope."""
        return self.scoped("of run", run=run)


class RunRecord(models.Model):
    """What the matcher was given and what it answered, compressed JSON: append-only, so that a
    round can be replayed to the same plan."""

    run = models.OneToOneField(MatchingRun, models.PROTECT, related_name="record")
    problem = models.BinaryField()
    plan = models.BinaryField()

    unscoped = models.Manager()
    objects = tenant_manager(OfRunQuerySet)

    class Meta:
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return str(self.run_id)
