"""What is said about a request, and the conversations into which a side has invited the city."""

from django.urls import reverse

from scheduling.models import CityInvitation, InternalNote, Message


class Talk:
    """Mixin of ``Demo``: ``here`` is the institution that looks."""

    def _message(self, row):
        said = Message.unscoped.filter(sharing_request__owner=self.here).order_by("pk").first()
        return said and said.sharing_request

    def _note(self, row):
        """The approver's, who opens it."""
        notes = InternalNote.unscoped.filter(
            institution=self.here, sharing_request__owner=self.here
        )
        note = notes.order_by("pk").first()
        return note and {"pk": note.sharing_request_id, "note": note.pk}


def of_city():
    """The list, one conversation, and the step out of it."""
    pk = CityInvitation.unscoped.filter(ended_at=None).first().sharing_request_id
    yield reverse("city:conversations")
    yield from (
        reverse(f"city:{name}", args=[pk]) for name in ("conversation", "conversation-leave")
    )
