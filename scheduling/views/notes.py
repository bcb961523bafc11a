"""Internal notes about a request: for colleagues alone."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from scheduling.actions import notes
from scheduling.forms.conversation import NoteForm
from scheduling.models import InternalNote
from scheduling.queries.conversation import notes_of
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register
from scheduling.views.request_page import RequestAction


class WriteNote(RequestAction):
    permission = Permission.CONVERSE
    form_class = NoteForm
    title = gettext_lazy("Internal note")
    submit_label = gettext_lazy("Keep the note")

    def get_context_data(self, **kwargs):
        explain = _("Only colleagues at %(name)s read this: not the other side, not the city.")
        words = explain % {"name": self.institution.name}
        return super().get_context_data(explain=words, **kwargs)

    def perform(self, form) -> str:
        notes.write_note(
            sharing_request=self.sharing_request,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(_("The note is kept.")) + "#notes"


class CorrectNote(WriteNote):
    """By its author; colleagues write notes of their own."""

    title = gettext_lazy("Correct a note")
    submit_label = gettext_lazy("Keep the corrected note")

    @cached_property
    def note(self) -> InternalNote:
        own = InternalNote.objects.of(self.sharing_request, self.institution)
        found = get_object_or_404(own.filter(corrects=None), pk=self.kwargs["note"])
        if found.author_id != self.request.user.pk:
            raise PermissionDenied(notes.NotItsAuthor.message)
        return found

    def get_initial(self):
        latest = self.note.corrections.order_by("-pk").first() or self.note
        return {"text": latest.text}

    def perform(self, form) -> str:
        notes.correct_note(
            note=self.note, text=form.cleaned_data["text"], by=self.request.user, now=self.now
        )
        return self.succeeded(_("The note is corrected; the earlier version stays below it."))


def panel(asked: Asked) -> dict:
    """What colleagues noted, beside the facts."""
    return {
        "notes": notes_of(asked.sharing_request, asked.institution, asked.user),
        "may_write": Permission.CONVERSE in asked.rights,
        "form": NoteForm(),
    }


register(
    RequestPanel(
        name="notes",
        template="scheduling/conversation/notes.html",
        context=panel,
        place=ASIDE,
        order=20,
    )
)
