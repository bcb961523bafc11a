"""Where the code on a device's label leads, the code on a note, and where that is typed."""

from django.urls import path

from scheduling.views import scanned

urlpatterns = [
    path("e/<str:public_id>/", scanned.Scanned.as_view(), name="device-label"),
    path("c/<str:code>/", scanned.NoteCode.as_view(), name="note-code"),
    path("code/", scanned.TypeCode.as_view(), name="type-code"),
]
