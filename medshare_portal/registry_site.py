"""Who may enter the registry: the role decides, never a flag on the person."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.memberships import memberships_of
from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.roles import Permission, permissions_of


class RegistrySite(admin.AdminSite):
    site_header = _("MedShare registry")
    site_title = _("MedShare registry")
    index_title = _("Registry")
    empty_value_display = "–"
    enable_nav_sidebar = True

    def has_permission(self, request) -> bool:
        """Registry administrators only; others who are signed in are told whom to ask (403)."""
        if not request.user.is_authenticated:
            return False
        if not hasattr(request, "may_administer"):
            request.may_administer = Permission.ADMINISTER in _city_permissions(request.user)
        if not request.may_administer:
            raise NotAllowed(Permission.ADMINISTER, None)
        return True

    def login(self, request, extra_context=None):
        """The portal's own sign-in."""
        return redirect_to_login(request.GET.get("next", request.path), reverse("login"))


def _city_permissions(user):
    return permissions_of(
        role
        for membership in memberships_of(user)
        if membership.institution is None
        for role in membership.roles
    )
