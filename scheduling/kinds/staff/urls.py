"""Addresses of shifts below /at/<slug>/staff/."""

from django.urls import path

from scheduling.kinds.staff.views import attendance, need, place, series

urlpatterns = [
    path("need/", need.NeedPage.as_view(), name="staff-need"),
    path("<int:pk>/invite/", need.Invite.as_view(), name="staff-invite"),
    path("places/<int:pk>/", place.TakePlace.as_view(), name="staff-place"),
    path("<int:pk>/series/", series.InviteSeries.as_view(), name="staff-series"),
    path(
        "series/<int:pk>/credentialing/",
        series.SeriesCredentialing.as_view(),
        name="staff-series-credentialing",
    ),
    path(
        "engagements/<int:pk>/credentialing/",
        attendance.Credentialing.as_view(),
        name="staff-credentialing",
    ),
    path("engagements/<int:pk>/remind/", attendance.Remind.as_view(), name="staff-remind"),
    path("engagements/<int:pk>/check-in/", attendance.CheckIn.as_view(), name="staff-check-in"),
    path("engagements/<int:pk>/timesheet/", attendance.Timesheet.as_view(), name="staff-timesheet"),
    path("engagements/<int:pk>/confirm/", attendance.ConfirmHours.as_view(), name="staff-confirm"),
]
