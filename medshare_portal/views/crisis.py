"""What the crisis that runs means at an institution."""

from medshare_portal import crises
from medshare_portal.models import Crisis
from medshare_portal.relaxations import relaxations
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page

SHOWN_BEFORE = 10


class CrisisHere(Page):
    """Reason, end, what is relaxed; and the crises before that reached this institution."""

    permission = Permission.VIEW
    template_name = "portal/crisis.html"

    def get_context_data(self, **kwargs):
        running = crises.current(self.now)
        if running is not None and not running.touches(self.institution):
            running = None
        past = Crisis.objects.filter(reach__institution=self.institution).distinct()
        if running is not None:
            past = past.exclude(pk=running.pk)
        return super().get_context_data(
            crisis=running,
            relaxed=[each for each in relaxations if running and each.code in running.relaxed],
            past=past.order_by("-starts_at", "-pk")[:SHOWN_BEFORE],
            **kwargs,
        )
