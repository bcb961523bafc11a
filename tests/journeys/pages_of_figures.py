"""The city's pages of figures."""

from django.urls import reverse

from medshare_portal.models import Institution


def of_city():
    yield reverse("city:method")
    yield reverse("city:bookings")
    yield reverse("city:open-needs")
    yield reverse("city:figures")
    yield reverse("city:figures") + "?level=district"
    yield reverse("city:equity")
    yield reverse("city:staff-figures")
    yield reverse("city:privacy")
    yield reverse("city:expiry")
    yield reverse("city:lots-at-risk")
    yield reverse("city:quality")
    yield reverse("city:register") + "?buy=ventilator"
    yield reverse("city:all-figures")
    yield reverse("city:answers")
    yield reverse("city:uses")
    yield reverse("city:all-figures-of", args=[Institution.unscoped.get(slug="renhe").pk])
    yield reverse("city:scorecard", args=[Institution.unscoped.get(slug="renhe").pk])
