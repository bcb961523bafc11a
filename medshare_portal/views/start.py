"""The bare address: to the person's only place of work or only own page, or a choice of them."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from medshare_portal.own_pages import own_pages


class Start(TemplateView):
    """One place leads straight there; several, or none, make a page."""

    template_name = "portal/start.html"

    def get(self, request, *args, **kwargs):
        places, own = self._places(), own_pages(request.user)
        if len(places) == 1:
            return HttpResponseRedirect(places[0]["url"])
        if not places and len(own) == 1:
            return HttpResponseRedirect(reverse(own[0].url_name))
        return self.render_to_response(self.get_context_data(places=places, own=own))

    def _places(self) -> list[dict]:
        """Active institutions and the city at which this person holds a role."""
        return [
            {"institution": member.institution, "roles": _labels(member), "url": _address(member)}
            for member in self.request.memberships
            if member.institution is None or member.institution.status == "active"
        ]


def _labels(membership) -> list[str]:
    return [role.label for role in sorted(membership.roles)]


def _address(membership) -> str:
    if membership.institution is None:
        return reverse("city:home")
    return reverse("reports:home", args=[membership.institution.slug])
