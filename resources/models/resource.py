"""One table for everything that can be shared: lists, search and permission read it."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal import crises
from medshare_portal.bilingual import BilingualName
from medshare_portal.db.among import Among
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from resources.enums import Condition, ResourceStatus, Visibility
from resources.relaxations import WIDER


class ResourceQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """The institution's own resources, drafts included."""
        return self.scoped("owned_by", institution=institution)

    def visible_to(self, institution):
        """Own resources, and others' listed ones whose offer addresses this institution, or that a
        crisis opens to it."""
        listed = Among("status", [ResourceStatus.LISTED])  # most rows, as the planner must see
        addressed = ResourceAudience.objects.owned_by(institution).filter(resource=OuterRef("pk"))
        opened = crises.opened(
            WIDER,
            reader=institution,
            owner=OuterRef("institution"),
            kind=OuterRef("kind"),
            category=OuterRef("category"),
        )
        return self.scoped(
            "visible_to",
            Q(institution=institution)
            | Q(listed, Among("visibility", [Visibility.ALL]))
            | (Q(listed, Among("visibility", Visibility.LIMITED)) & (Exists(addressed) | opened)),
        )

    def addressed_to(self, institution):
        """Others' listed ones whose offer addresses this institution, crisis or not."""
        named = ResourceAudience.objects.owned_by(institution).filter(resource=OuterRef("pk"))
        everybody = Q(visibility=Visibility.ALL)
        return self.scoped("addressed_to", everybody | Exists(named), status=ResourceStatus.LISTED)

    def in_city_view(self):
        """For city officials: every resource that is or was shared, no drafts."""
        return self.scoped(
            "in_city_view", status__in=[ResourceStatus.LISTED, ResourceStatus.PAUSED]
        )


class Resource(BilingualName, models.Model):
    """One shareable thing; the kind's own fields are in its detail row (``equipment``)."""

    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="resources",
        verbose_name=_("institution"),
    )
    site = models.ForeignKey(
        "medshare_portal.Site", models.PROTECT, related_name="resources", verbose_name=_("site")
    )
    kind = models.CharField(_("kind"), max_length=20)
    category = models.ForeignKey(
        "resources.Category", models.PROTECT, related_name="resources", verbose_name=_("category")
    )
    code = models.CharField(_("asset number"), max_length=50)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    room = models.CharField(_("ward or room"), max_length=80, blank=True)
    units = models.PositiveIntegerField(
        _("number of units"), default=1, help_text=_("More than 1 for a set of equal devices.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ResourceStatus, default=ResourceStatus.DRAFT
    )
    condition = models.CharField(
        _("condition"), max_length=10, choices=Condition, default=Condition.GOOD
    )
    visibility = models.CharField(
        _("visible to"),
        max_length=10,
        choices=Visibility,
        default=Visibility.PRIVATE,
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("offer last confirmed"), null=True, editable=False)
    public_id = models.CharField(_("label code"), max_length=32, unique=True, editable=False)
    search_text = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    unscoped = models.Manager()
    objects = tenant_manager(ResourceQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code"],
                name="resource_code_once_per_institution",
                violation_error_message=_("This asset number is already in use."),
            ),
            models.CheckConstraint(
                name="resource_has_a_name",
                condition=~Q(name_en="") | ~Q(name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.CheckConstraint(name="resource_units_positive", condition=Q(units__gte=1)),
            models.CheckConstraint(
                name="resource_status_known",
                condition=Q(status__in=["draft", "submitted", "listed", "paused", "retired"]),
            ),
            models.CheckConstraint(
                name="resource_visibility_known",
                condition=Q(visibility__in=["private", "all", "consortium", "named"]),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "status", "visibility", "category"], name="resource_list"),
            models.Index(fields=["institution", "kind", "status"], name="resource_of_institution"),
            models.Index(
                fields=["institution", "category", "site", "status"],
                name="resource_own_categories",
            ),
            models.Index(fields=["category", "name_en", "code", "id"], name="resource_in_category"),
            models.Index(fields=["kind", "-confirmed_at", "id"], name="resource_by_freshness"),
        ]


class ResourceAudience(models.Model):
    """An institution that a limited offer addresses, by name or through a consortium."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="audience")
    institution = models.ForeignKey("medshare_portal.Institution", models.CASCADE, related_name="+")

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["resource", "institution"], name="audience_once"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} → {self.institution_id}"
