"""The city's pages of figures."""

from django.urls import reverse


def of_city():
    yield reverse("city:method")
