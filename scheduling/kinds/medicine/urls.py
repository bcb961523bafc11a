"""Addresses of transfers of medicines, below /at/<slug>/medicines/."""

from django.urls import path

from scheduling.kinds.medicine.views import asking, note, steps

urlpatterns = [
    path("<int:pk>/ask/", asking.Ask.as_view(), name="medicine-ask"),
    path("requests/<int:pk>/decide/", steps.Decide.as_view(), name="medicine-decide"),
    path("requests/<int:pk>/sign/<slug:part>/", steps.Sign.as_view(), name="medicine-sign"),
    path("requests/<int:pk>/dispatch/", steps.Dispatch.as_view(), name="medicine-dispatch"),
    path("requests/<int:pk>/receive/", steps.Receive.as_view(), name="medicine-receive"),
    path("requests/<int:pk>/close/", steps.Close.as_view(), name="medicine-close"),
    path("requests/<int:pk>/note/", note.Note.as_view(), name="medicine-note"),
]
