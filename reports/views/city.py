"""The city's landing page: bookings of all institutions, without personal data."""

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page


class CityHome(Page):
    permission = Permission.CITY_VIEW
    template_name = "reports/city.html"
