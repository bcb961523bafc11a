"""What a round proposes, line by line, and the needs for which it found nothing."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import is_chinese
from medshare_portal.tenancy import tenant_manager
from scheduling.models.matching_run import OfRunQuerySet
from scheduling.round_states import ProposalState, RoundDecline, RoundState, Stale
from scheduling.states import Side

URGENCIES = (1, 2, 3)  # critical, urgent, routine, as the matcher weighs them


class ProposalQuerySet(OfRunQuerySet):
    def concerning(self, institution):
        """Published ones with this institution on either side."""
        return self.scoped(
            "concerning",
            Q(borrower=institution) | Q(owner=institution),
            state__in=ProposalState.TOLD,
        )

    def for_city(self):
        """Those of the rounds that officials run."""
        return self.scoped("for_city", run__institution__isnull=True)

    def of_request(self, sharing_request):
        """The one that a request came from, if any."""
        return self.scoped("of request", sharing_request=sharing_request)

    def standing(self):
        """Those that wait for somebody's answer."""
        return self.filter(state__in=ProposalState.STANDING)


class Proposal(models.Model):
    """One need (or so many units of it) served by one offer.

    ``need_ref`` and ``offer_ref`` are their ids in the matcher's problem; ``pieces``: those pairs
    of each unit, where it is several that are asked for together.  ``urgency`` is the
    matcher's.  ``why`` and ``effect`` are plain values that the page puts into words.
    """

    run = models.ForeignKey("scheduling.MatchingRun", models.PROTECT, related_name="proposals")
    need = models.ForeignKey("scheduling.Need", models.PROTECT, related_name="proposals")
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="proposals")
    owner = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="proposals_to_lend",
        verbose_name=_("owner"),
    )
    borrower = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="proposals_to_borrow",
        verbose_name=_("borrower"),
    )
    kind = models.CharField(_("kind"), max_length=20)
    need_ref = models.CharField(max_length=40)
    offer_ref = models.CharField(max_length=40)
    pieces = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(_("urgency"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("until"), null=True)
    travel_minutes = models.PositiveIntegerField(_("travel, minutes"), default=0)
    kilometres = models.FloatField(_("distance, km"), default=0)
    why = models.JSONField(default=dict)
    effect = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=ProposalState, default=ProposalState.PROPOSED
    )
    pinned = models.BooleanField(_("pinned"), default=False)
    struck_reason = models.CharField(_("why it was struck"), max_length=300, blank=True)
    stale = models.CharField(_("out of date because"), max_length=10, choices=Stale, blank=True)
    expires_at = models.DateTimeField(_("answer until"), null=True)
    declined_by_side = models.CharField(_("declined by"), max_length=8, choices=Side, blank=True)
    decline_code = models.CharField(_("reason"), max_length=20, blank=True)
    decline_text = models.CharField(_("message"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    sharing_request = models.OneToOneField(
        "scheduling.SharingRequest", models.PROTECT, null=True, related_name="proposal"
    )

    unscoped = models.Manager()
    objects = tenant_manager(ProposalQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["run", "need_ref", "offer_ref"], name="proposal_once"),
            models.CheckConstraint(
                name="proposal_state_known",
                condition=Q(state__in=[s.value for s in ProposalState]),
            ),
            models.CheckConstraint(
                name="proposal_has_two_sides", condition=~Q(owner=F("borrower"))
            ),
            models.CheckConstraint(name="proposal_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="proposal_urgency_known", condition=Q(urgency__in=URGENCIES)
            ),
            models.CheckConstraint(
                name="proposal_times_whole",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="proposal_pinned_or_struck",
                condition=Q(pinned=False) | ~Q(state="struck"),
            ),
            models.CheckConstraint(
                name="proposal_stale_is_struck",
                condition=Q(stale="") | Q(state="struck", stale__in=[s.value for s in Stale]),
            ),
            models.CheckConstraint(
                name="proposal_published_until_when",
                condition=Q(state__in=ProposalState.DRAFT, expires_at__isnull=True)
                | (~Q(state__in=ProposalState.DRAFT) & Q(expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_request_where_asked",
                condition=Q(state__in=["asked", "agreed"], sharing_request__isnull=False)
                | Q(state__in=["declined", "expired"])
                | Q(state__in=["proposed", "struck", "published"], sharing_request__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_declined_by_whom",
                condition=(Q(state="declined") & ~Q(declined_by_side="") & ~Q(decline_code=""))
                | (~Q(state="declined") & Q(declined_by_side="")),
            ),
        ]
        indexes = [
            models.Index(fields=["borrower", "state", "expires_at"], name="proposal_of_borrower"),
            models.Index(fields=["owner", "state", "expires_at"], name="proposal_of_owner"),
            models.Index(fields=["state", "expires_at"], name="proposal_ends"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"P-{self.pk}"

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(need, offer) of each piece, as the matcher calls them."""
        pieces = self.pieces or [(self.need_ref, self.offer_ref)]
        return tuple((need, offer) for need, offer in pieces)

    @property
    def name(self) -> str:
        """What is proposed, in the reader's language: the category that the need asks for; where
        it says in words what it wants, the thing that they mean."""
        return self.need.name if self.need.category_id else self.resource.name

    def side_of(self, institution) -> Side | None:
        if institution.pk == self.owner_id:
            return Side.OWNER
        return Side.BORROWER if institution.pk == self.borrower_id else None

    @property
    def struck_words(self) -> str:
        """Why it was struck: by an official in their words, or by the time that has passed."""
        return str(self.get_stale_display()) or self.struck_reason

    @property
    def decline_words(self) -> str:
        """Why it was declined; what came from a request is a reason of requests."""
        codes = dict(RoundDecline.choices)
        return codes.get(self.decline_code, self.decline_code)


class UnmetNeedQuerySet(OfRunQuerySet):
    def told(self, institution):
        """Of its needs, as its own rounds and those that are published left them."""
        ours = Q(run__institution=institution, run__state__in=RoundState.DONE)
        published = Q(run__state=RoundState.PUBLISHED)
        return self.scoped("told", ours | published, institution=institution)


class UnmetNeed(models.Model):
    """A need (or a unit of it) that a round left unserved, and why.

    ``code`` is the reason's; ``data`` its plain values: the funnel of the rules, the smallest
    relaxation, who holds the offer (by class, never by name).
    """

    run = models.ForeignKey("scheduling.MatchingRun", models.PROTECT, related_name="unmet")
    need = models.ForeignKey("scheduling.Need", models.PROTECT, related_name="+")
    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20)
    need_ref = models.CharField(max_length=40)
    urgency = models.PositiveSmallIntegerField(_("urgency"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    code = models.CharField(_("reason"), max_length=40)
    data = models.JSONField(default=dict)

    unscoped = models.Manager()
    objects = tenant_manager(UnmetNeedQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("unmet need")
        verbose_name_plural = _("unmet needs")
        constraints = [
            models.UniqueConstraint(fields=["run", "need_ref"], name="unmet_once"),
            models.CheckConstraint(name="unmet_urgency_known", condition=Q(urgency__in=URGENCIES)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.need_ref}"

    @property
    def name(self) -> str:
        """As the need says it; in the reader's language what its words mean, where that is known
        (``data["name"]``: English, Chinese)."""
        english, chinese = self.data.get("name") or ("", "")
        if is_chinese():
            return chinese or english or self.need.name
        return english or chinese or self.need.name

    @property
    def stopped_by(self) -> str:
        """In one word: the rule after which nothing was left, else the code of the reason."""
        funnel = self.data.get("funnel") or []
        if self.code != "no_offer" or not funnel or funnel[-1][1]:
            return self.code
        rule, refused = funnel[-1][0], self.data.get("rules")
        return refused[0] if refused and rule == "struck" else rule
