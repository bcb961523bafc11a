"""Core pages below /at/<slug>/: audit log and notifications."""

from django.urls import path

from medshare_portal.views import absences, audit, crisis, notifications

app_name = "portal"
urlpatterns = [
    path("crisis/", crisis.CrisisHere.as_view(), name="crisis"),
    path("audit/", audit.AuditLog.as_view(), name="audit"),
    path("audit/export/", audit.AuditExport.as_view(), name="audit-export"),
    path("absences/", absences.AbsenceList.as_view(), name="absences"),
    path("absences/enter/", absences.AbsenceEnter.as_view(), name="absence-enter"),
    path("absences/<int:pk>/end/", absences.AbsenceEnd.as_view(), name="absence-end"),
    path(
        "notifications/",
        notifications.NotificationListAtInstitution.as_view(),
        name="notifications",
    ),
]
