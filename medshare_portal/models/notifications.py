"""The outbox: one row per event and person, written in the action's transaction."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class NotificationQuerySet(TenantQuerySet):
    def addressed_to(self, user):
        """A person's own notifications, at whichever institution."""
        return self.scoped("addressed_to", user=user)

    def told_of(self, event: str, object_id: int):
        """Who was told of one thing, for the action that would tell of it again."""
        return self.scoped("told_of", event=event, object_id=object_id)


class Notification(models.Model):
    """Something a person should know; the text is made when it is read, in the reader's tongue."""

    class Mail(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DIGEST = "digest", _("for the daily digest")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("not wanted or no longer relevant")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    institution = models.ForeignKey(
        "medshare_portal.Institution", models.CASCADE, related_name="+", null=True
    )
    event = models.CharField(_("event"), max_length=60)
    event_key = models.CharField(max_length=120)
    object_id = models.BigIntegerField(null=True)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)
    mail = models.CharField(_("e-mail"), max_length=8, choices=Mail, default=Mail.WAITING)
    mail_tries = models.PositiveSmallIntegerField(_("attempts to mail"), default=0)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(NotificationQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event_key"], name="notification_once_per_event_and_person"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "read_at", "created_at"], name="notification_unread"),
            models.Index(fields=["mail", "created_at"], name="notification_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.user_id}"


class NotificationPreference(models.Model):
    """How a person wants to hear of one kind of event by e-mail; in the portal it always shows."""

    class Channel(models.TextChoices):
        NOW = "now", _("E-mail at once")
        DIGEST = "digest", _("Daily digest")
        NONE = "none", _("No e-mail")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences"
    )
    event = models.CharField(_("event"), max_length=60)
    channel = models.CharField(_("e-mail"), max_length=6, choices=Channel, default=Channel.NOW)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="preference_once_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event}: {self.channel}"
