"""What was done under a crisis with one institution: its own part of the list after the action."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.models import Crisis
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.queries import crisis as queries
from resources.kinds import kinds


class CrisisOfInstitution(Page):
    """Of a crisis that reached the institution; who is outside its scope gets 404."""

    permission = Permission.VIEW
    template_name = "reports/crisis/here.html"

    def get_context_data(self, **kwargs):
        reached = Crisis.objects.filter(reach__institution=self.institution).distinct()
        crisis = get_object_or_404(reached, pk=self.kwargs["pk"])
        scope = queries.scope_of(crisis)
        found = queries.deeds(crisis, institution=self.institution, most=queries.MOST)
        back = reverse("portal:crisis", args=[self.institution.slug])
        return super().get_context_data(
            crisis=crisis,
            running=crisis.is_open and crisis.ends_at > self.now,
            scope=scope,
            kinds=[kinds[code].label for code in scope.kinds if code in kinds],
            report=queries.Done(deeds=found, more=len(found) == queries.MOST),
            crumbs=[{"label": _("Crisis mode"), "url": back}],
            **kwargs,
        )
