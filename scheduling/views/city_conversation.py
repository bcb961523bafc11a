"""Conversations into which a side has invited the city, as its officials read them.

They see who lends and who borrows, and what was written since the invitation; of the people at
the two hospitals they read no name.
"""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, Page
from resources.forms.plain import NothingForm
from scheduling.actions import conversation as talk
from scheduling.forms.conversation import MessageForm
from scheduling.kinds import zone_of
from scheduling.models import CityInvitation, MessageFile, SharingRequest
from scheduling.queries.conversation import conversation, messages_for, unread_counts
from scheduling.views.conversation import served


class CityConversations(Page):
    """Those that the city takes part in, the latest first."""

    permission = Permission.MEDIATE
    template_name = "scheduling/conversation/city_list.html"

    def get_context_data(self, **kwargs):
        invitations = list(
            CityInvitation.objects.for_city()
            .select_related(
                "institution",
                "sharing_request__resource__site",
                "sharing_request__owner",
                "sharing_request__borrower",
            )
            .order_by("-invited_at", "-pk")
        )
        keys = [row.sharing_request_id for row in invitations]
        unread = unread_counts(keys, None, self.request.user)
        rows = [(row, unread.get(row.sharing_request_id, 0)) for row in invitations]
        return super().get_context_data(rows=rows, **kwargs)


class InCityConversation(ActionPage):
    """A page of one conversation; others do not exist for the city."""

    permission = Permission.MEDIATE

    @cached_property
    def sharing_request(self) -> SharingRequest:
        invited = CityInvitation.objects.for_city().values("sharing_request")
        rows = SharingRequest.objects.in_city_view().filter(pk__in=invited)
        rows = rows.select_related("resource__site", "owner", "borrower")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def conversation_url(self) -> str:
        return reverse("city:conversation", args=[self.sharing_request.pk])

    def get_context_data(self, **kwargs):
        crumbs = [{"label": _("Conversations"), "url": reverse("city:conversations")}]
        context = {
            "sharing_request": self.sharing_request,
            "zone": zone_of(self.sharing_request),
            "cancel_url": self.conversation_url,
            "crumbs": crumbs,
        }
        return super().get_context_data(**context | kwargs)


class CityTalk(InCityConversation):
    http_method_names = ("get", "head")
    form_class = MessageForm
    template_name = "scheduling/conversation/city.html"

    def get_context_data(self, **kwargs):
        facts = conversation(self.sharing_request, None, self.request.user, latest=None)
        return super().get_context_data(facts=facts, **kwargs)


class CityWrite(CityTalk):
    http_method_names = ("get", "head", "post")

    def perform(self, form) -> str:
        talk.write_for_city(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.conversation_url


class CityMarkRead(InCityConversation):
    template_name = "generic/confirm.html"
    form_class = NothingForm
    title = gettext_lazy("Mark as read")
    submit_label = gettext_lazy("Mark as read")

    def get_context_data(self, **kwargs):
        question = _("Have you read this conversation?")
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        talk.mark_read(
            sharing_request=self.sharing_request,
            messages=messages_for(self.sharing_request, None),
            by=self.request.user,
            now=self.now,
        )
        return self.conversation_url


class CityLeave(InCityConversation):
    template_name = "generic/confirm.html"
    form_class = NothingForm
    title = gettext_lazy("Leave the conversation")
    submit_label = gettext_lazy("Leave and tell both sides")

    def get_context_data(self, **kwargs):
        question = _("Leave this conversation? Officials then read and write in it no more.")
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        talk.end_invitation(
            sharing_request=self.sharing_request,
            institution=None,
            by=self.request.user,
            now=self.now,
        )
        return reverse("city:conversations")


class CityEnclosed(AtInstitution, View):
    permission = Permission.MEDIATE

    def get(self, request, pk, file):
        rows = MessageFile.objects.for_city().filter(sharing_request__pk=pk)
        return served(request, get_object_or_404(rows, pk=file))
