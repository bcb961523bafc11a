"""One institution asks another for one resource: one table for all kinds."""

from datetime import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.among import Among
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from resources.enums import ShareMode
from resources.kinds import kinds
from scheduling.models.request_truths import CONSTRAINTS, INDEXES
from scheduling.states import Priority, Rung, Side, State, Suspension, Transport


class SharingRequestQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """Requests for this institution's resources (what it lends).  Holds are not asked yet."""
        return self.scoped("owned_by", ~Q(state=State.HELD), owner=institution)

    def borrowed_by(self, institution):
        """Requests that this institution made (what it borrows)."""
        return self.scoped("borrowed_by", borrower=institution)

    def concerning(self, institution):
        """Requests with this institution on either side."""
        return self.scoped(
            "concerning",
            Q(borrower=institution) | (Q(owner=institution) & ~Q(state=State.HELD)),
        )

    def of_visible(self, resources):
        """Requests for a queryset of resources that is itself scoped: busy times only."""
        return self.scoped("of_visible", resource__in=resources)

    def of_series(self, series):
        """The dates of a series that a scoping verb has found.  A place that the wait-list holds
        for one is none before somebody takes it."""
        return self.scoped("of_series", Q(submitted_at__isnull=False), series=series)

    def of_seen(self, resource):
        """Requests for one resource that a scoping verb has found: busy times only."""
        return self.scoped("of_seen", resource=resource)

    def in_city_view(self):
        """For city officials: bookings without personal data."""
        return self.scoped("in_city_view", ~Q(state=State.HELD))

    def holding_capacity(self):
        return self.filter(Among("state", State.HOLDS_CAPACITY))

    def taking(self, now):
        """Of those the ones that are in somebody's way: a hold past its time is not, even while
        the job that ends it has not run.  ``now`` may be a place in a prepared statement."""
        return self.holding_capacity().filter(~Q(state=State.HELD) | Q(hold_expires_at__gt=now))

    def form_holds(self):
        """Times that somebody holds while a form is filled: no place that the wait-list offers."""
        return self.filter(state=State.HELD, waitlist_entry=None)

    def promised(self):
        """Undecided requests that keep the time which the wait-list offered: in everybody else's
        way like a hold, until they are decided."""
        return self.filter(Among("state", (State.REQUESTED,)), hold_expires_at__isnull=False)

    def in_the_way(self):
        """What holds capacity, and what keeps a place that the wait-list offered."""
        return self.holding_capacity() | self.promised()

    def pending(self):
        return self.filter(state__in=State.PENDING)

    def overlapping(self, starts_at: datetime, ends_at: datetime):
        """Rows whose blocked time, buffers included, meets the half-open interval."""
        return self.filter(blocked_from__lt=ends_at, blocked_until__gt=starts_at)

    def overdue(self, now: datetime):
        return self.filter(state=State.UNDERWAY, ends_at__lt=now)


class SharingRequest(models.Model):
    """The spine.  Times are UTC and half-open; ``blocked_*`` are the times with buffers.

    ``asked_*`` keep what was asked first; ``starts_at/ends_at`` are what is valid now.
    ``hold_expires_at`` is when a hold ends, or the promise that a request keeps (``promised``).
    ``due_at`` is the deadline of the step that is waiting (see ``workflow.WAITS_FOR``).
    """

    resource = models.ForeignKey(
        "resources.Resource",
        models.PROTECT,
        related_name="requests",
        verbose_name=_("resource"),
    )
    owner = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="lent_requests",
        verbose_name=_("owner"),
    )
    borrower = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="borrowed_requests",
        verbose_name=_("borrower"),
    )
    offer = models.ForeignKey("resources.Offer", models.PROTECT, related_name="requests", null=True)
    basket = models.ForeignKey(
        "scheduling.Basket",
        models.PROTECT,
        null=True,
        related_name="items",
        verbose_name=_("basket"),
    )
    series = models.ForeignKey(
        "scheduling.Series", models.PROTECT, related_name="dates", null=True, db_index=False
    )
    need = models.ForeignKey(  # from whose page it was asked
        "scheduling.Need",
        models.PROTECT,
        null=True,
        related_name="requests",
        db_index=False,
        verbose_name=_("need"),
    )
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State)
    priority = models.CharField(
        _("urgency"), max_length=8, choices=Priority, default=Priority.ROUTINE
    )
    purpose = models.TextField(_("why you need it"), max_length=2000, blank=True)
    mode = models.CharField(_("mode"), max_length=8, choices=ShareMode, blank=True)
    delivery_site = models.ForeignKey(
        "medshare_portal.Site",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("deliver to site"),
    )
    delivery_place = models.CharField(_("ward or room"), max_length=80, blank=True)
    transport = models.CharField(
        _("moved by"), max_length=8, choices=Transport, default=Transport.BORROWER
    )
    units = models.PositiveIntegerField(_("units"), default=1, validators=[MinValueValidator(1)])
    exclusive = models.BooleanField(default=True)  # copies resource.units == 1
    quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("until"), null=True)
    blocked_from = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    asked_starts_at = models.DateTimeField(_("first asked from"), null=True)
    asked_ends_at = models.DateTimeField(_("first asked until"), null=True)
    asked_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    asked_units = models.PositiveIntegerField(_("first asked units"), default=1)
    hold_expires_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("answer due"), null=True)
    escalation = models.PositiveSmallIntegerField(
        _("passed on"), choices=Rung, default=Rung.NONE
    )  # of the answer that ``due_at`` is about
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    submitted_at = models.DateTimeField(_("sent"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        "medshare_portal.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_automatically = models.BooleanField(default=False)
    decision_code = models.CharField(_("reason"), max_length=20, blank=True)
    decision_text = models.TextField(_("message"), max_length=2000, blank=True)
    accepted_findings = models.JSONField(default=list)  # warnings passed, each with its reason
    fee_per_hour = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    fee_per_shift = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="CNY")
    recall_notice_hours = models.PositiveIntegerField(default=24)
    agreement_accepted_at = models.DateTimeField(_("agreement accepted"), null=True)
    actual_starts_at = models.DateTimeField(_("handed over"), null=True)
    actual_ends_at = models.DateTimeField(_("returned"), null=True)
    overdue_level = models.PositiveSmallIntegerField(default=0)  # escalations already sent
    outage_told_at = models.DateTimeField(null=True)  # both sides know that the device is down
    ended_at = models.DateTimeField(_("ended"), null=True)
    suspended_at = models.DateTimeField(_("on hold since"), null=True)
    suspended_reason = models.CharField(
        _("on hold because"), max_length=20, choices=Suspension, blank=True
    )
    crisis = models.ForeignKey(  # under which it was asked or agreed
        "medshare_portal.Crisis",
        models.PROTECT,
        null=True,
        related_name="requests",
        verbose_name=_("crisis"),
    )
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = tenant_manager(SharingRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("sharing request")
        verbose_name_plural = _("sharing requests")
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people say on the phone, such as EQ-1042."""
        return f"{kinds[self.kind].prefix}-{self.pk}"

    @property
    def is_promised(self) -> bool:
        """See ``SharingRequestQuerySet.promised``."""
        return self.state == State.REQUESTED and self.hold_expires_at is not None

    def side_of(self, institution) -> Side | None:
        """On which side the institution stands, if on any."""
        if institution.pk == self.owner_id:
            return Side.OWNER
        return Side.BORROWER if institution.pk == self.borrower_id else None

    @property
    def answer_due_at(self) -> datetime | None:
        """Until when an answer is of use: the end of an all-or-nothing basket may come first."""
        waits = self.state in State.PENDING and self.basket is not None
        ends = [self.due_at, self.basket.answers_until if waits else None]
        return min(filter(None, ends), default=None)

    @property
    def hours(self) -> float:
        """Length in hours (UTC arithmetic, so right on a clock-change night); 0 without times."""
        if self.starts_at is None:
            return 0.0
        return (self.ends_at - self.starts_at).total_seconds() / 3600
