"""Addresses of what of the reports is taken along, kept or watched."""

from django.urls import path

from reports.views import uses

FILES = [
    path("figures/requests/export/", uses.OwnUsesExport.as_view(), name="uses-export"),
]
FILES_OF_CITY = [
    path("figures/requests/export/", uses.CityUsesExport.as_view(), name="uses-export"),
]
