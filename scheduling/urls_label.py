"""Where the code on a device's label leads."""

from django.urls import path

from scheduling.views import labels

urlpatterns = [path("", labels.Scanned.as_view(), name="device-label")]
