"""What the core has written: audit trail, outbox, job runs.  Read only."""

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from medshare_portal.admin.base import ReadOnlyAdmin
from medshare_portal.audit_words import action_words
from medshare_portal.models import AuditEvent, JobRun, Notification


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("chain", "sequence", "at", "actor_name", "what", "object_label")
    list_display_links = ("sequence",)
    list_filter = ("action",)
    search_fields = ("chain", "actor_name", "object_label")
    ordering = ("-at", "-pk")

    @admin.display(description=pgettext_lazy("audit", "What"), ordering="action")
    def what(self, event) -> str:
        return action_words(event.action, event.data)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "event", "mail", "mail_tries", "mailed_at")
    list_filter = ("mail", "event")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("-created_at", "-pk")
    exclude = ("context",)


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "started_at", "finished_at", "done", "error")
    ordering = ("name",)
