"""The institution is in the address; who may pass is decided here, before any view runs.

Every view below ``/at/<slug>/`` names its ``permission`` (attribute of the view class).  A
stranger gets 404, a colleague without the permission 403 with whom to ask.  A view there that
names none is refused: closed by default.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from medshare_portal.access_log import note
from medshare_portal.memberships import Membership, memberships_of
from medshare_portal.models import Institution, RoleGroup
from medshare_portal.roles import Permission, Role, permissions_of, roles_with

MOST_CONTACTS = 5
CONTACT = ("pk", "full_name", "username", "phone", "email")


class NoPermissionDeclared(RuntimeError):
    """A view below /at/<slug>/ or /city/ does not say which permission it needs."""


def contacts_for(permission: Permission, institution: Institution, kind: str | None) -> list[dict]:
    """The first few people of the institution who hold a permission, with one of their roles."""
    roles = roles_with(permission, kind)
    groups = RoleGroup.objects.owned_by(institution).filter(role__in=roles)
    rows = (
        groups.filter(group__user__is_active=True)
        .order_by("group__user__pk", "role")
        .values_list(*(f"group__user__{name}" for name in CONTACT), "role")
    )
    found = {}
    for pk, full_name, username, phone, email, role in rows[: 2 * MOST_CONTACTS]:
        contact = {"name": full_name or username, "role": Role(role).label}
        found.setdefault(pk, contact | {"phone": phone, "email": email})
    return list(found.values())[:MOST_CONTACTS]


class NotAllowed(PermissionDenied):
    """A colleague lacks a permission, over one ``kind`` or at all; ``ask`` names the roles that
    have it, ``contacts`` people."""

    def __init__(
        self, permission: Permission, institution: Institution | None, kind: str | None = None
    ):
        super().__init__(permission.value)
        self.ask = [role.label for role in roles_with(permission, kind)]
        self.contacts = contacts_for(permission, institution, kind) if institution else []


class InstitutionInAddress:
    """Sets ``request.institution``, ``request.roles``, ``request.permissions`` (over any kind),
    ``request.memberships`` and, of them, ``request.membership`` here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.institution = None
        request.roles = request.permissions = frozenset()
        request.memberships, request.membership = [], None
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated:
            return
        request.memberships = memberships_of(request.user)
        scope = request.resolver_match.namespaces[:1]
        slug = view_kwargs.pop("institution", None) if "institution" in view_kwargs else None
        if slug is not None:
            self._enter_institution(request, slug)
        elif scope == ["city"]:
            self._enter_city(request)
        else:
            self._show_only_place(request)
            return
        self._check_permission(request, view_func)

    @staticmethod
    def _show_only_place(request) -> None:
        """A person's own pages keep the frame of the one institution where it works."""
        places = [member for member in request.memberships if member.institution]
        own_page = request.resolver_match.route.startswith("account/")
        if own_page and len(places) == 1 and places[0].institution.status == "active":
            request.institution = places[0].institution
            _act_as(request, places[0])

    @staticmethod
    def _enter_institution(request, slug: str) -> None:
        for membership in request.memberships:
            institution = membership.institution
            if institution and institution.slug == slug and institution.status == "active":
                request.institution = institution
                _act_as(request, membership)
                return
        raise Http404

    @staticmethod
    def _enter_city(request) -> None:
        for membership in request.memberships:
            if membership.institution is None:
                _act_as(request, membership)
                return
        raise Http404

    @staticmethod
    def _check_permission(request, view_func) -> None:
        view_class = getattr(view_func, "view_class", view_func)
        permission = getattr(view_class, "permission", None)
        if permission is None:
            raise NoPermissionDeclared(view_class.__name__)
        if permission not in request.permissions:
            note("refused", request, request.user.get_username(), needs=permission.value)
            raise NotAllowed(permission, request.institution)
        request.user.deputy_for = request.membership.deputy_for(permission)


def _act_as(request, membership: Membership) -> None:
    request.membership = membership
    request.roles = membership.roles
    request.permissions = permissions_of(membership.roles)
