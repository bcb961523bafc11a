"""Files of a resource, behind the same question as the resource: who may see it?"""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from medshare_portal.files import EXTENSIONS, IMAGES, check_file
from medshare_portal.roles import Permission
from medshare_portal.views.pages import AtInstitution
from resources.actions.attachments import attach, remove
from resources.enums import AttachmentPurpose
from resources.forms.attachments import AttachmentForm, RemoveForm
from resources.kinds import kinds
from resources.models import Attachment, Resource
from resources.views.entry import AboutOwnResource


class AttachmentAdd(AboutOwnResource):
    form_class = AttachmentForm
    title = gettext_lazy("Add a file")
    submit_label = gettext_lazy("Store the file")

    def get_initial(self):
        return {"purpose": self.request.GET.get("purpose", AttachmentPurpose.PHOTO)}

    def perform(self, form) -> str:
        purpose = form.cleaned_data["purpose"]
        pictures_only = purpose == AttachmentPurpose.PHOTO
        attach(
            resource=self.resource,
            purpose=purpose,
            title=form.cleaned_data["title"],
            file=check_file(form.cleaned_data["file"], pictures_only=pictures_only),
            by=self.request.user,
            now=self.now,
        )
        return self.done(_("The file is stored."))


class AttachmentRemove(AboutOwnResource):
    template_name = "generic/confirm.html"
    form_class = RemoveForm
    title = gettext_lazy("Remove a file")
    submit_label = gettext_lazy("Remove it")

    @cached_property
    def attachment(self) -> Attachment:
        own = Attachment.objects.owned_by(self.institution).filter(resource=self.resource)
        return get_object_or_404(own, pk=self.kwargs["attachment"])

    def get_context_data(self, **kwargs):
        question = _("Remove “%(title)s”?") % {"title": self.attachment.title}
        return super().get_context_data(question=question, danger=True, **kwargs)

    def perform(self, form) -> str:
        remove(attachment=self.attachment, by=self.request.user, now=self.now)
        return self.done(_("The file is removed."))


class AttachmentDownload(AtInstitution, View):
    """The bytes, under a name that we make: never the one that was uploaded."""

    permission = Permission.VIEW

    def get(self, request, *args, **kwargs):
        visible = Resource.objects.visible_to(self.institution).filter(pk=kwargs["pk"])
        private = [kind.code for kind in kinds if kind.files_are_private]
        files = Attachment.objects.of_visible(visible).readable_by(self.institution, private)
        attachment = get_object_or_404(files, pk=kwargs["attachment"])
        try:
            content = attachment.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        extension = EXTENSIONS.get(attachment.content_type, "bin")
        response = FileResponse(
            content,
            as_attachment=attachment.content_type not in IMAGES,
            filename=f"{attachment.purpose}-{attachment.pk}.{extension}",
            content_type=attachment.content_type,
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, max-age=3600"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
