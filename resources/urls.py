"""Addresses of the catalogue below /at/<slug>/."""

from django.urls import path

from resources.views import exports, resources

app_name = "resources"
urlpatterns = [
    path("resources/", resources.ResourceList.as_view(), name="resource-list"),
    path("resources/export/", exports.ResourceExport.as_view(), name="resource-export"),
]
