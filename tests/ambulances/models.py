"""The kind's own columns."""

from django.db import models

from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class AmbulanceQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", resource__institution=institution)


class Ambulance(models.Model):
    """A vehicle; ``stretchers`` is what it carries."""

    resource = models.OneToOneField(
        "resources.Resource", models.CASCADE, related_name="ambulance", primary_key=True
    )
    plate = models.CharField("plate", max_length=20)
    stretchers = models.PositiveSmallIntegerField("stretchers", default=1)
    in_service = models.BooleanField("in service", default=True)

    unscoped = models.Manager()
    objects = tenant_manager(AmbulanceQuerySet)

    class Meta:
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.plate
