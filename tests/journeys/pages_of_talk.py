"""Conversations into which a side has invited the city: the list, one, and the step out of it."""

from django.urls import reverse

from scheduling.models import CityInvitation


def of_city():
    pk = CityInvitation.unscoped.filter(ended_at=None).first().sharing_request_id
    yield reverse("city:conversations")
    yield from (
        reverse(f"city:{name}", args=[pk]) for name in ("conversation", "conversation-leave")
    )
