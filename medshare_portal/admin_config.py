"""The admin of the registry in place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    default_site = "medshare_portal.registry_site.RegistrySite"
