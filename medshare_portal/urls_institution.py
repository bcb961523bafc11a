"""Core pages below /at/<slug>/: audit log and notifications."""

from django.urls import path

from medshare_portal.views import audit, notifications

app_name = "portal"
urlpatterns = [
    path("audit/", audit.AuditLog.as_view(), name="audit"),
    path("audit/export/", audit.AuditExport.as_view(), name="audit-export"),
    path(
        "notifications/",
        notifications.NotificationListAtInstitution.as_view(),
        name="notifications",
    ),
]
