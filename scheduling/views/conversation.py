"""The conversation of a request: reading, writing, files, the city's part in it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from medshare_portal.downloads import safe_name, serve
from medshare_portal.files import EXTENSIONS
from medshare_portal.roles import Permission, permissions_of
from medshare_portal.views.pages import AtInstitution
from resources.forms.plain import NothingForm
from scheduling.actions import conversation as talk
from scheduling.forms.conversation import InviteCityForm, MessageForm
from scheduling.models import MessageFile, SharingRequest
from scheduling.queries.conversation import Conversation, conversation, messages_for
from scheduling.request_panels import Asked, RequestPanel, register
from scheduling.states import State
from scheduling.views.request_page import RequestAction

SHOWN = 200


class InConversation(RequestAction):
    """A page of a request that was sent: of a hold there is nobody to speak with."""

    @cached_property
    def sharing_request(self) -> SharingRequest:
        found = super().sharing_request
        if found.state == State.HELD:
            raise Http404
        return found

    @property
    def conversation_url(self) -> str:
        return reverse(
            "scheduling:request-conversation", args=[self.institution.slug, self.sharing_request.pk]
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"cancel_url": self.conversation_url} | kwargs)

    def succeeded(self, words) -> str:
        super().succeeded(words)
        return self.conversation_url


class Talk(InConversation):
    """The whole conversation, with the form below it."""

    permission = Permission.VIEW
    http_method_names = ("get", "head")
    form_class = MessageForm
    template_name = "scheduling/conversation/page.html"
    title = gettext_lazy("Conversation")

    def get_context_data(self, **kwargs):
        latest = None if "all" in self.request.GET else SHOWN
        facts = conversation(
            self.sharing_request, self.institution, self.request.user, latest=latest
        )
        rights = permissions_of(self.request.roles, self.of_kind)
        return super().get_context_data(panel=_facts(facts, rights, self.institution), **kwargs)


class Write(Talk):
    permission = Permission.CONVERSE
    http_method_names = ("get", "head", "post")

    def perform(self, form) -> str:
        talk.write(
            sharing_request=self.sharing_request,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(_("Your message is sent."))


class MarkRead(InConversation):
    """Everything that is there counts as read; a script asks for it when it is seen."""

    permission = Permission.VIEW
    template_name = "generic/confirm.html"
    form_class = NothingForm
    title = gettext_lazy("Mark as read")
    submit_label = gettext_lazy("Mark as read")

    def get_context_data(self, **kwargs):
        question = _("Have you read this conversation?")
        return super().get_context_data(question=question, **kwargs)

    def form_valid(self, form):
        answer = super().form_valid(form)
        return HttpResponse(status=204) if self.request.htmx else answer

    def perform(self, form) -> str:
        talk.mark_read(
            sharing_request=self.sharing_request,
            messages=messages_for(self.sharing_request, self.institution),
            by=self.request.user,
            now=self.now,
        )
        return self.conversation_url


class InviteCity(InConversation):
    permission = Permission.CONVERSE
    form_class = InviteCityForm
    title = gettext_lazy("Invite the city")
    submit_label = gettext_lazy("Invite the city and tell the other side")

    def get_context_data(self, **kwargs):
        explain = _(
            "From then on officials of the city read what both sides write here, and write "
            "themselves. They do not read what was written before. You can end it at any time."
        )
        return super().get_context_data(explain=explain, **kwargs)

    def perform(self, form) -> str:
        talk.invite_city(
            sharing_request=self.sharing_request,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(_("The city takes part from now on; both sides have been told."))


class EndInvitation(InConversation):
    permission = Permission.CONVERSE
    template_name = "generic/confirm.html"
    form_class = NothingForm
    title = gettext_lazy("End the city's part")
    submit_label = gettext_lazy("End it and tell both sides")

    def get_context_data(self, **kwargs):
        question = _("Should the city no longer read and write in this conversation?")
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        talk.end_invitation(
            sharing_request=self.sharing_request,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("The city no longer takes part."))


class Enclosed(AtInstitution, View):
    """A file of a message, always to be saved and never shown as a page."""

    permission = Permission.VIEW

    def get(self, request, pk, file):
        rows = MessageFile.objects.concerning(self.institution).filter(sharing_request__pk=pk)
        return served(request, get_object_or_404(rows, pk=file))


def served(request, row: MessageFile):
    """The answer that carries the file, under the name that its sender gave it."""
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = safe_name(row.name, EXTENSIONS[row.content_type])
    return serve(
        request,
        content,
        size=row.size,
        name=name,
        content_type=row.content_type,
        tag=row.sha256,
    )


def _facts(facts: Conversation, rights, institution) -> dict:
    invitation = facts.invitation
    return {
        "facts": facts,
        "may_write": Permission.CONVERSE in rights,
        "may_end": bool(invitation) and invitation.institution_id == institution.pk,
    }


def panel(asked: Asked) -> dict | None:
    """The latest messages on the request's page, with the form."""
    if asked.sharing_request.state == State.HELD:
        return None
    facts = conversation(asked.sharing_request, asked.institution, asked.user)
    return _facts(facts, asked.rights, asked.institution) | {"form": MessageForm()}


register(
    RequestPanel(
        name="conversation",
        template="scheduling/conversation/panel.html",
        context=panel,
        order=10,
    )
)
