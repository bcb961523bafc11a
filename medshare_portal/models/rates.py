"""How often a person has done something lately."""

from django.conf import settings
from django.db import models


class RateCount(models.Model):
    """One row per person and thing that is bounded: ``count`` times since ``since``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=30)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "what"], name="rate_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.what}: {self.count}"
