"""What is particular to a request for information: what was asked, granted, agreed to and used."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager
from resources.enums_information import LegalBasis, Purpose, RecipientRole
from scheduling.enums_information import AccessAction, Decision, EndReason, ReviewVerdict
from scheduling.states import State


class AccessGrantQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """Grants for this institution's information."""
        return self.scoped("owned_by", sharing_request__owner=institution)

    def concerning(self, institution):
        return self.scoped(
            "concerning",
            Q(sharing_request__borrower=institution) | Q(sharing_request__owner=institution),
        )

    def in_city_view(self):
        """For city officials: how many there are and whether they were reviewed, no person."""
        return self.scoped("in_city_view")

    def of(self, sharing_request):
        """The grant of one request that was itself fetched through a scope."""
        return self.scoped("of request", sharing_request=sharing_request)

    def open(self):
        """Approved and not ended yet."""
        return self.filter(sharing_request__state__in=[State.APPROVED, State.UNDERWAY])

    def to_review(self):
        """Glass that was broken and nobody has looked at yet."""
        return self.filter(break_glass=True, reviewed_at__isnull=True)


class AccessGrant(models.Model):
    """One to one with its request; ``quantity`` of the request is the number of looks granted.

    What was asked stands beside ``valid_until``, which the owner sets; only ``person`` may look.
    ``before`` keeps what was asked when the owner returned it for changes.
    """

    sharing_request = models.OneToOneField(
        "scheduling.SharingRequest", models.PROTECT, primary_key=True, related_name="access_grant"
    )
    terms = models.ForeignKey(
        "resources.AccessTerms", models.PROTECT, related_name="+", verbose_name=_("conditions")
    )
    person = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("who may open it")
    )
    purpose_of_use = models.CharField(_("purpose of use"), max_length=10, choices=Purpose)
    legal_basis = models.CharField(_("legal basis"), max_length=12, choices=LegalBasis)
    recipient_role = models.CharField(_("opened by"), max_length=12, choices=RecipientRole)
    scope = models.JSONField(_("fields asked for"), default=list)
    cohort = models.CharField(_("cohort (pseudonym)"), max_length=120, blank=True)
    asked_until = models.DateTimeField(_("asked until"))
    valid_until = models.DateTimeField(_("open until"), null=True)
    consent_ref = models.CharField(_("record of the consent"), max_length=120, blank=True)
    consent_separate = models.BooleanField(_("separate consent"), default=False)
    consent_withdrawn_at = models.DateTimeField(_("consent withdrawn"), null=True)
    assessment_ref = models.CharField(_("impact assessment"), max_length=120, blank=True)
    contract_ref = models.CharField(_("contract"), max_length=120, blank=True)
    looks_used = models.PositiveIntegerField(_("looks used"), default=0)
    end_reason = models.CharField(_("ended because"), max_length=10, choices=EndReason, blank=True)
    before = models.JSONField(default=dict)
    break_glass = models.BooleanField(_("break-glass"), default=False)
    review_due_at = models.DateTimeField(_("review due"), null=True)
    review_late_told_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    reviewed_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    review_verdict = models.CharField(
        _("verdict"), max_length=12, choices=ReviewVerdict, blank=True
    )
    review_text = models.TextField(_("what the review found"), max_length=2000, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(AccessGrantQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        constraints = [
            models.CheckConstraint(
                name="grant_glass_has_a_review_date",
                condition=Q(break_glass=False) | Q(review_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_review_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, review_verdict="")
                | (
                    Q(break_glass=True, reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(review_verdict="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(end_reason=""),
                name="grant_to_end",
            ),
            models.Index(
                fields=["review_due_at"],
                condition=Q(break_glass=True, reviewed_at__isnull=True),
                name="grant_to_review",
            ),
        ]

    def __str__(self) -> str:
        return str(self.sharing_request_id)


class TermsAcceptanceQuerySet(OwnedQuerySet):
    def of_user(self, user):
        """What a person agreed to."""
        return self.scoped("of_user", user=user)


class TermsAcceptance(models.Model):
    """A person agreed to one version of the conditions: kept for good."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    terms = models.ForeignKey("resources.AccessTerms", models.PROTECT, related_name="+")
    user = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(_("agreed"))

    unscoped = models.Manager()
    objects = tenant_manager(TermsAcceptanceQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(fields=["terms", "user"], name="terms_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.terms_id}"


class AccessEventQuerySet(OwnedQuerySet):
    def of_user(self, user):
        """A person's own looks."""
        return self.scoped("of_user", actor_id=user.pk)


class AccessEvent(models.Model):
    """One look at shared information, let through or refused: append-only and hash-chained.

    The chain is its owner's (``institution``).  No foreign keys to live rows: what they were called
    then is written down.  ``previous_hash`` and ``hash`` make a changed row show.
    """

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(_("who"), max_length=200)
    actor_role = models.CharField(_("role"), max_length=200, blank=True)
    organisation_id = models.BigIntegerField()
    organisation_name = models.CharField(_("institution"), max_length=200)
    request_id = models.BigIntegerField()
    reference = models.CharField(_("reference"), max_length=30)
    resource_id = models.BigIntegerField()
    resource_name = models.CharField(_("what"), max_length=250)
    action = models.CharField(_("step"), max_length=12, choices=AccessAction)
    content = models.CharField(_("content"), max_length=200, blank=True)
    purpose = models.CharField(_("purpose of use"), max_length=10, choices=Purpose)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    break_glass = models.BooleanField(_("break-glass"), default=False)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    unscoped = models.Manager()
    objects = tenant_manager(AccessEventQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "sequence"], name="access_event_number_once"
            ),
            models.CheckConstraint(
                name="access_event_refused_by_a_rule",
                condition=Q(decision="permit", rule="") | (Q(decision="deny") & ~Q(rule="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "resource_id", "-sequence"], name="access_of_resource"
            ),
            models.Index(
                fields=["institution", "request_id", "-sequence"], name="access_of_request"
            ),
            models.Index(
                fields=["institution", "-sequence"],
                condition=Q(decision="deny"),
                name="access_refused",
            ),
            models.Index(fields=["actor_id", "-at"], name="access_of_person"),
            models.Index(fields=["institution", "at"], name="access_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.sequence}"


class AccessChain(models.Model):
    """The head of an institution's access log: locked while an event is appended."""

    institution = models.OneToOneField(
        "medshare_portal.Institution", models.PROTECT, primary_key=True, related_name="+"
    )
    length = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                name="access_chain_has_a_head",
                condition=Q(length=0, head_hash="") | (Q(length__gt=0) & ~Q(head_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.length}"
