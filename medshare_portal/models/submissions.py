"""Forms already submitted: a double click or a retried POST finds its first result here."""

from django.conf import settings
from django.db import models


class SubmittedForm(models.Model):
    """One accepted submission; written in the transaction of the action that it caused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    result_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="submission_age")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
