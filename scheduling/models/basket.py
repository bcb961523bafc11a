"""Several requests sent as one; while it is a draft, lines that are not requests yet."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from scheduling.basket_states import BasketState, Together, Undone
from scheduling.models.sharing_request import SharingRequest

SENT = ~Q(state=BasketState.DRAFT)


class BasketQuerySet(TenantQuerySet):
    def drafts_of(self, institution, person):
        """What a person is putting together there."""
        return self.scoped(
            "drafts_of", borrower=institution, created_by=person, state=BasketState.DRAFT
        )

    def open_to(self, institution, person):
        """Drafts that a person works on there: its own, and what colleagues shared with all."""
        return self.scoped(
            "open_to",
            Q(created_by=person) | Q(shared_at__isnull=False),
            borrower=institution,
            state=BasketState.DRAFT,
        )

    def borrowed_by(self, institution):
        """Baskets that this institution sent."""
        return self.scoped("borrowed_by", SENT, borrower=institution)

    def concerning(self, institution):
        """Sent baskets of this institution, and those with an item of its own."""
        ours = SharingRequest.objects.owned_by(institution).filter(basket=OuterRef("pk"))
        return self.scoped("concerning", SENT, Q(borrower=institution) | Exists(ours))


class Basket(models.Model):
    """One message to the city.  Its items are sharing requests (``items``), from when it is sent.

    ``item_count`` is how many were sent; ``deadline_at`` is until when all of an all-or-nothing
    basket must be approved; ``undone_by`` is the item that ended it.  Since ``shared_at``
    colleagues see the draft and put lines of their own into it; ``still_needed`` tells them what is
    missing.
    """

    borrower = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="baskets",
        verbose_name=_("borrower"),
    )
    created_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=BasketState, default=BasketState.DRAFT
    )
    together = models.CharField(_("items together"), max_length=8, choices=Together, blank=True)
    message = models.TextField(_("what it is for"), max_length=500, blank=True)
    shared_at = models.DateTimeField(_("open to colleagues since"), null=True)
    still_needed = models.TextField(_("what is still needed"), max_length=300, blank=True)
    item_count = models.PositiveSmallIntegerField(_("items"), default=0)
    deadline_at = models.DateTimeField(_("complete until"), null=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    undone_because = models.CharField(
        _("released because"), max_length=10, choices=Undone, blank=True
    )
    undone_by = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = tenant_manager(BasketQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        constraints = [
            models.UniqueConstraint(
                fields=["borrower", "created_by"],
                condition=Q(state="draft"),
                name="basket_one_draft",
            ),
            models.CheckConstraint(
                name="basket_state_known", condition=Q(state__in=[s.value for s in BasketState])
            ),
            models.CheckConstraint(
                name="basket_sent_is_whole",
                condition=Q(state="draft", sent_at__isnull=True, together="", item_count=0)
                | (
                    ~Q(state="draft")
                    & Q(sent_at__isnull=False, item_count__gte=1)
                    & Q(together__in=[t.value for t in Together])
                ),
            ),
            models.CheckConstraint(
                name="basket_all_has_deadline",
                condition=~Q(together="all") | Q(deadline_at__isnull=False),
            ),
            models.CheckConstraint(
                name="basket_undone_is_all",
                condition=(Q(state="released", together="all") & ~Q(undone_because=""))
                | (~Q(state="released") & Q(undone_because="")),
            ),
            models.CheckConstraint(
                name="basket_ended_where_state_says_so",
                condition=Q(state__in=list(BasketState.OVER), ended_at__isnull=False)
                | (~Q(state__in=list(BasketState.OVER)) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["borrower", "-sent_at"], name="basket_recent"),
            models.Index(
                fields=["deadline_at"],
                condition=Q(state="open"),
                name="basket_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people say on the phone, such as BA-12."""
        return f"BA-{self.pk}"

    @property
    def all_or_nothing(self) -> bool:
        return self.together == Together.ALL

    @property
    def answers_until(self) -> datetime | None:
        """An answer that comes later undoes it; None: nothing hangs on the others."""
        return self.deadline_at if self.all_or_nothing and self.state == BasketState.OPEN else None

    @property
    def holds_back(self) -> bool:
        """Nothing of it may be handed over, because not everything is approved."""
        return self.all_or_nothing and self.state != BasketState.COMPLETE


class BasketLineQuerySet(TenantQuerySet):
    def of(self, basket):
        """Lines of a draft that was itself fetched through a scope."""
        return self.scoped("of basket", basket=basket)

    def drafts_of(self, institution, person):
        return self.scoped(
            "drafts_of",
            basket__borrower=institution,
            basket__created_by=person,
            basket__state=BasketState.DRAFT,
        )

    def writable_by(self, institution, person):
        """Lines that a person may change or take out: its own, and all of its own draft."""
        return self.scoped(
            "writable_by",
            Q(added_by=person) | Q(basket__created_by=person),
            basket__borrower=institution,
            basket__state=BasketState.DRAFT,
        )


class BasketLine(models.Model):
    """What a request would ask, as it was typed into the form of its kind: ``{field: [text]}``.

    ``added_by`` asks for it when the basket is sent: by that person's right, whoever sends.
    """

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="+")
    typed = models.JSONField(default=dict)
    added_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))

    unscoped = models.Manager()
    objects = tenant_manager(BasketLineQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("line of a basket")
        verbose_name_plural = _("lines of a basket")

    def __str__(self) -> str:
        return f"{self.basket_id} {self.resource_id}"
