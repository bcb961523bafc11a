"""Addresses of a person's own shifts: the list for an account, and what a signed link opens."""

from django.urls import path

from scheduling.kinds.staff.views import person

urlpatterns = [
    path("", person.MyShifts.as_view(), name="my-shifts"),
    path("<str:token>/", person.PersonPage.as_view(), name="staff-person"),
]
