"""Who waits for a full resource or category, and time that became free."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet
from scheduling.states import Priority
from scheduling.waiting import WaitState


class WaitlistQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """What this institution waits for; nobody else reads who waits."""
        return self.scoped("owned_by", borrower=institution)

    def waiting(self):
        return self.filter(state=WaitState.WAITING)

    def open(self):
        return self.filter(state__in=WaitState.OPEN)

    def meeting(self, starts_at, ends_at):
        """Whose window has something of a time."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class WaitlistEntry(models.Model):
    """One wish in line: for one resource, or for anything of a category within a distance.

    ``starts_at`` is the earliest begin and ``ends_at`` the latest end of a use of ``minutes``;
    ``latest_start`` is when it must have begun (the need).  ``promise`` is the request in which an
    offered place is held until ``offered_until``.
    """

    borrower = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="waitlist_entries"
    )
    kind = models.CharField(_("kind"), max_length=20)
    resource = models.ForeignKey(
        "resources.Resource", models.PROTECT, null=True, related_name="waitlist_entries"
    )
    category = models.ForeignKey(
        "resources.Category", models.PROTECT, null=True, related_name="waitlist_entries"
    )
    site = models.ForeignKey("medshare_portal.Site", models.PROTECT, null=True, related_name="+")
    within_km = models.PositiveIntegerField(_("within"), null=True)
    units = models.PositiveIntegerField(_("units"), default=1)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    minutes = models.PositiveIntegerField(_("length"))
    latest_start = models.DateTimeField(_("must begin by"))
    priority = models.CharField(_("urgency"), max_length=8, choices=Priority)
    purpose = models.TextField(_("why you need it"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=WaitState)
    joined_at = models.DateTimeField(_("waiting since"))
    created_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    next_look_at = models.DateTimeField()  # when the job looks for a place all the same
    series = models.ForeignKey(
        "scheduling.Series",
        models.PROTECT,
        null=True,
        related_name="waiting",
        verbose_name=_("date of the series"),
    )
    promise = models.OneToOneField(
        "scheduling.SharingRequest", models.PROTECT, null=True, related_name="waitlist_entry"
    )
    offered_until = models.DateTimeField(_("answer by"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(WaitlistQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("place in the line")
        verbose_name_plural = _("wait-list")
        constraints = [
            models.CheckConstraint(
                name="waitlist_state_known", condition=Q(state__in=[s.value for s in WaitState])
            ),
            models.CheckConstraint(
                name="waitlist_priority_known",
                condition=Q(priority__in=[p.value for p in Priority]),
            ),
            models.CheckConstraint(
                name="waitlist_for_resource_or_category",
                condition=Q(resource__isnull=False, category__isnull=True)
                | Q(resource__isnull=True, category__isnull=False),
            ),
            models.CheckConstraint(
                name="waitlist_use_fits_window",
                condition=Q(
                    latest_start__gte=F("starts_at"), ends_at__gt=F("latest_start"), minutes__gte=1
                ),
                violation_error_message=_("The use is longer than the time in which it may lie."),
            ),
            models.CheckConstraint(name="waitlist_units_positive", condition=Q(units__gte=1)),
            models.CheckConstraint(
                name="waitlist_place_where_state_says_so",
                condition=Q(
                    state__in=list(WaitState.HAD_A_PLACE),
                    promise__isnull=False,
                    offered_until__isnull=False,
                )
                | Q(
                    state__in=["waiting", "expired"],
                    promise__isnull=True,
                    offered_until__isnull=True,
                )
                | Q(state="left"),
            ),
            models.CheckConstraint(
                name="waitlist_ended_where_state_says_so",
                condition=Q(state__in=list(WaitState.ENDED), ended_at__isnull=False)
                | Q(state__in=list(WaitState.OPEN), ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["borrower", "resource", "starts_at", "ends_at"],
                condition=Q(state__in=list(WaitState.OPEN), resource__isnull=False),
                name="waitlist_resource_once",
            ),
            models.UniqueConstraint(
                fields=["borrower", "category", "starts_at", "ends_at"],
                condition=Q(state__in=list(WaitState.OPEN), category__isnull=False),
                name="waitlist_category_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_look_at"], name="waitlist_to_look_for"),
            models.Index(fields=["borrower", "state", "joined_at"], name="waitlist_of_borrower"),
            models.Index(fields=["kind", "state", "latest_start"], name="waitlist_line"),
        ]

    def __str__(self) -> str:
        return f"W-{self.pk}"

    @property
    def reference(self) -> str:
        return str(self)

    @property
    def wanted(self):
        """The resource or the category."""
        return self.resource or self.category


class FreedTime(models.Model):
    """A mark that time of a resource became free: left by the move of the request that freed it,
    for the job that offers it to those in line.

    It names the request and not the resource: whoever moves a request holds that row already.
    """

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="freed_times"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cause = models.CharField(max_length=20)
    freed_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("freed time")
        verbose_name_plural = _("freed times")
        constraints = [
            models.CheckConstraint(
                name="freed_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["sharing_request"],
                condition=Q(handled_at__isnull=True),
                name="freed_to_handle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.starts_at:%Y-%m-%d %H:%M}"
