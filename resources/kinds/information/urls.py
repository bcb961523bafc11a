"""Addresses of information in the catalogue, below /at/<slug>/information/."""

from django.urls import path

from resources.kinds.information.views import entry, panels, recognition

__all__ = ["panels", "urlpatterns"]  # the panels register themselves when the addresses are read

urlpatterns = [
    path(
        "<int:pk>/content/",
        entry.ContentPut.as_view(),
        name="information-content",
    ),
    path(
        "<int:pk>/conditions/",
        entry.ConditionsSet.as_view(),
        name="information-conditions",
    ),
    path(
        "<int:pk>/recognition/",
        recognition.RecognitionPage.as_view(),
        name="information-recognition",
    ),
]
