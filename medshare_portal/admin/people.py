"""People and the roles that they hold, from when until when."""

from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static import admin as static_admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as totp_admin
from django_otp.plugins.otp_totp.models import TOTPDevice

from medshare_portal.actions.accounts import end_sessions
from medshare_portal.actions.roles import apply_assignments
from medshare_portal.actions.second_factor import take_away
from medshare_portal.admin.base import RegistryAdmin, RegistryInline
from medshare_portal.models import RoleAssignment, RoleGroup, User
from medshare_portal.registry_import.people import PEOPLE

# Groups follow the role assignments; Django's page for them (whose import registers it) would
# go past the audit.
auth_admin.admin.site.unregister(Group)
# Nobody reads another person's secrets: of a second factor the registry only knows how to end it.
totp_admin.admin.site.unregister(TOTPDevice)
static_admin.admin.site.unregister(StaticDevice)


class AssignmentInline(RegistryInline):
    model = RoleAssignment
    autocomplete_fields = ("role_group",)
    may_delete = True


def apply_roles_now() -> None:
    """Groups follow the assignments at once, not only when the job comes round."""
    apply_assignments(today=timezone.localdate())


@admin.register(User)
class PersonAdmin(RegistryAdmin):
    """Passwords are never set here: a new person asks for a link to set one."""

    list_display = ("username", "full_name", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "full_name", "email")
    ordering = ("username", "pk")
    fields = ("username", "full_name", "email", "phone", "language", "is_active", "last_login")
    readonly_fields = ("last_login",)
    inlines = (AssignmentInline,)
    actions = ("end_sessions", "remove_second_factor")
    import_table = PEOPLE

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        apply_roles_now()

    @admin.action(description=_("End all sessions of the chosen people"))
    def end_sessions(self, request, queryset):
        ended = end_sessions({user.pk for user in queryset}, now=timezone.now())
        for user in queryset:
            self._audit(request, user, "account.sessions_ended")
        words = ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", ended)
        messages.success(request, words % {"n": ended})

    @admin.action(description=_("Take the second factor of the chosen people away"))
    def remove_second_factor(self, request, queryset):
        for user in queryset:
            take_away(user=user, by=request.user, now=timezone.now())
        messages.success(request, _("Done. Their next sign-in is by password alone."))


@admin.register(RoleGroup)
class RoleGroupAdmin(RegistryAdmin):
    """Made by ``sync_roles``; here only to be found."""

    may_add = may_change = False
    list_display = ("institution", "role")
    list_filter = ("role",)
    list_select_related = ("institution",)
    search_fields = ("role", "institution__slug", "institution__name_en", "institution__name_zh")
    ordering = ("institution__slug", "role", "pk")


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(RegistryAdmin):
    may_delete = True
    list_display = ("user", "role_group", "valid_from", "valid_until")
    list_select_related = ("user", "role_group__institution")
    search_fields = ("user__username", "user__full_name")
    autocomplete_fields = ("user", "role_group")
    ordering = ("user__username", "pk")
    date_hierarchy = None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        apply_roles_now()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        apply_roles_now()
