"""Addresses of the workflow below /at/<slug>/."""

from django.urls import path

from scheduling.views import calendar, find, request_form

app_name = "scheduling"
urlpatterns = [
    path("find/", find.Find.as_view(), name="find"),
    path("resources/<int:pk>/request/", request_form.RequestCreate.as_view(), name="request-create"),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
]
