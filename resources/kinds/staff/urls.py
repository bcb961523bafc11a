"""Addresses of the kind staff below /at/<slug>/staff/."""

from django.urls import path

from resources.kinds.staff.views import imports, papers, shifts

urlpatterns = [
    path("<int:pk>/papers/<slug:sort>/add/", papers.PaperAdd.as_view(), name="paper-add"),
    path("papers/<slug:sort>/<int:pk>/remove/", papers.PaperRemove.as_view(), name="paper-remove"),
    path("<int:pk>/shifts/", shifts.ShiftList.as_view(), name="shift-list"),
    path("<int:pk>/shifts/add/", shifts.ShiftAdd.as_view(), name="shift-add"),
    path(
        "<int:pk>/shifts/calendar/",
        imports.ShiftCalendarImport.as_view(),
        name="shift-calendar-import",
    ),
    path("shifts/<int:pk>/remove/", shifts.ShiftRemove.as_view(), name="shift-remove"),
    path("shifts/import/", imports.RosterImport.as_view(), name="roster-import"),
    path(
        "shifts/import/confirm/", imports.ShiftImportConfirm.as_view(), name="shift-import-confirm"
    ),
]
