"""Core pages below /at/<slug>/: audit log and notifications."""

from django.urls import path

from medshare_portal.views import audit, crisis, notifications

app_name = "portal"
urlpatterns = [
    path("crisis/", crisis.CrisisHere.as_view(), name="crisis"),
    path("audit/", audit.AuditLog.as_view(), name="audit"),
    path("audit/export/", audit.AuditExport.as_view(), name="audit-export"),
    path(
        "notifications/",
        notifications.NotificationListAtInstitution.as_view(),
        name="notifications",
    ),
]
