"""Open the content: one click is one look, and either way it is in the owner's log."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views import View

from medshare_portal.downloads import safe_name, serve
from medshare_portal.files import EXTENSIONS
from medshare_portal.roles import Permission
from medshare_portal.sign_in import client_address
from medshare_portal.views.pages import AtInstitution
from scheduling.enums_information import AccessAction, Decision
from scheduling.kinds.information.actions import looking
from scheduling.kinds.information.forms.ending import NothingForm
from scheduling.kinds.information.views.owning import OfInformation
from scheduling.models import AccessEvent, SharingRequest
from scheduling.states import Side


class Open(OfInformation):
    """A form of one button; its answer is the file, the address, or why not."""

    permission = Permission.ASK
    side = Side.BORROWER
    form_class = NothingForm
    title = gettext_lazy("Open it")
    submit_label = gettext_lazy("Open it: counts as one look")

    def perform(self, form) -> str:
        outcome = looking.look(
            sharing_request=self.sharing_request,
            institution=self.institution,
            by=self.request.user,
            address=client_address(self.request),
            now=self.now,
        )
        has_file = self.sharing_request.resource.information.content_number
        page = "information-file" if outcome.permitted and has_file else "information-look"
        return reverse(f"scheduling:{page}", args=[self.institution.slug, outcome.event.pk])


class OfOneLook(AtInstitution, View):
    """What a person's own look leads to; anybody else's is not found."""

    permission = Permission.ASK
    of_kind = "information"

    @cached_property
    def event(self) -> AccessEvent:
        own = AccessEvent.objects.of_user(self.request.user).filter(
            organisation_id=self.institution.pk, action=AccessAction.LOOK
        )
        return get_object_or_404(own, pk=self.kwargs["pk"])

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = SharingRequest.objects.borrowed_by(self.institution)
        related = ("resource__information", "resource__site", "owner", "borrower")
        return get_object_or_404(rows.select_related(*related), pk=self.event.request_id)

    def fetched(self):
        """None lets it through; else the outcome that was written to the owner's log."""
        with transaction.atomic():
            return looking.fetch(
                event=self.event,
                sharing_request=self.sharing_request,
                institution=self.institution,
                by=self.request.user,
                address=client_address(self.request),
                now=self.now,
            )

    def shown(self, *, findings=(), endpoint: str = "", status: int = 200):
        context = {
            "event": self.event,
            "sharing_request": self.sharing_request,
            "findings": findings,
            "endpoint": endpoint,
            "now": self.now,
        }
        template = "scheduling/information/look.html"
        return render(self.request, template, context, status=status)


class ShowLook(OfOneLook):
    """The address of the content, or why the look was refused."""

    def get(self, request, *args, **kwargs):
        if self.event.decision == Decision.DENY:
            return self.shown(status=403)
        if refused := self.fetched():
            return self.shown(findings=refused.findings, status=403)
        return self.shown(endpoint=self.sharing_request.resource.information.endpoint)


class FetchFile(OfOneLook):
    """The bytes, whole or in part: a broken download goes on without another look."""

    def get(self, request, *args, **kwargs):
        if self.event.decision == Decision.DENY:
            raise Http404
        if refused := self.fetched():
            return self.shown(findings=refused.findings, status=403)
        stored = looking.file_of(self.sharing_request)
        if stored is None:
            raise Http404
        try:
            content = stored.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        return serve(
            request,
            content,
            size=stored.size,
            name=safe_name(stored.title, EXTENSIONS[stored.content_type]),
            content_type=stored.content_type,
            tag=stored.sha256,
        )
