"""Code systems and their codes: (system, code, display) as FHIR has them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName, localised


class CodeSystem(BilingualName, models.Model):
    """A list of codes with one owner, version and licence (FHIR CodeSystem)."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    url = models.CharField(_("system URI"), max_length=200, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    licence = models.TextField(_("licence note"), blank=True)

    class Meta:
        verbose_name = _("code system")
        verbose_name_plural = _("code systems")


class Code(models.Model):
    """One code of a system; ``properties`` keeps the list's further columns."""

    system = models.ForeignKey(
        CodeSystem, models.PROTECT, related_name="codes", verbose_name=_("code system")
    )
    code = models.CharField(_("code"), max_length=60)
    display_en = models.CharField(_("display (English)"), max_length=250, blank=True)
    display_zh = models.CharField(_("display (Chinese)"), max_length=250, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="code_once_per_system"),
            models.CheckConstraint(
                name="code_has_a_display", condition=~Q(display_en="") | ~Q(display_zh="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.display}"

    @property
    def display(self) -> str:
        return localised(self, "display")
