"""The classification: a tree per kind, with a standard code at each node."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName


class CategoryQuerySet(models.QuerySet):
    def under(self, category: "Category"):
        """The category and all below it."""
        return self.filter(path__startswith=category.path)


class Category(BilingualName, models.Model):
    """A node of a kind's tree.  ``path`` is its ancestors' slugs and its own: ``06/ct/``."""

    kind = models.CharField(_("kind"), max_length=20)
    slug = models.SlugField(_("code"), max_length=40)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(max_length=250, editable=False)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    primary_code = models.ForeignKey(
        "medshare_portal.Code",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("standard code"),
    )
    shareable = models.BooleanField(_("may be shared"), default=True)
    note_en = models.CharField(_("note (English)"), max_length=250, blank=True)
    note_zh = models.CharField(_("note (Chinese)"), max_length=250, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="category_once_per_kind"),
            models.UniqueConstraint(fields=["kind", "path"], name="category_path_once"),
            models.CheckConstraint(
                name="category_has_a_name",
                condition=~Q(name_en="") | ~Q(name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
        ]

    def save(self, *args, **kwargs):
        self.path = f"{self.parent.path if self.parent else ''}{self.slug}/"
        super().save(*args, **kwargs)


class CodeMapping(models.Model):
    """A further standard code of a category (FHIR ConceptMap: local → standard)."""

    class Equivalence(models.TextChoices):
        EQUAL = "equal", _("equal")
        WIDER = "wider", _("wider")
        NARROWER = "narrower", _("narrower")
        INEXACT = "inexact", _("inexact")

    category = models.ForeignKey(Category, models.CASCADE, related_name="mappings")
    code = models.ForeignKey("medshare_portal.Code", models.PROTECT, related_name="+")
    equivalence = models.CharField(
        _("equivalence"), max_length=10, choices=Equivalence, default=Equivalence.EQUAL
    )

    class Meta:
        verbose_name = _("code mapping")
        verbose_name_plural = _("code mappings")
        constraints = [
            models.UniqueConstraint(fields=["category", "code"], name="mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.code}"
