"""The home page: what waits for me, what is out, what comes in."""

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page


class Home(Page):
    permission = Permission.VIEW
    template_name = "reports/home.html"
