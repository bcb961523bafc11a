"""Enter and revise a resource, set its technical state, take it out of the catalogue."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.actions.resources import register, retire, revise
from resources.enums import ResourceStatus
from resources.forms.resources import RetireForm, StateForm
from resources.kinds import CatalogueKind, kinds
from resources.models import Resource
from resources.queries.detail import with_related


class AboutOwnResource(ActionPage):
    """Base of the forms about one resource of the institution."""

    permission = Permission.EDIT_RESOURCE

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self) -> Resource:
        own = with_related(Resource.objects.owned_by(self.institution))
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def address(self) -> str:
        return reverse("resources:resource-detail", args=[self.institution.slug, self.resource.pk])

    def get_context_data(self, **kwargs):
        crumbs = [{"label": self.resource.name, "url": self.address()}]
        return super().get_context_data(
            resource=self.resource, crumbs=crumbs, cancel_url=self.address(), **kwargs
        )

    def done(self, message: str) -> str:
        messages.success(self.request, message)
        return self.address()


class ResourceEntry(ActionPage):
    """The page of the kind's entry form: a refusal may belong to a field of the detail form."""

    template_name = "resources/resource_form.html"

    def get_form_class(self):
        return self.kind.entry_form_class

    def refused(self, form, refusal):
        if refusal.field not in form.detail.fields:
            return super().refused(form, refusal)
        form.detail.add_error(refusal.field, refusal.message)
        return self.form_invalid(form, status=refusal.status)


class ResourceCreate(ResourceEntry):
    """A new draft: nobody else sees it until it is offered."""

    permission = Permission.EDIT_RESOURCE
    submit_label = gettext_lazy("Register as a draft")

    @property
    def of_kind(self) -> str:
        return self.kind.code

    @cached_property
    def kind(self) -> CatalogueKind:
        if self.kwargs["kind"] not in kinds:
            raise Http404
        return kinds[self.kwargs["kind"]]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"institution": self.institution, "kind": self.kind}

    def get_context_data(self, **kwargs):
        catalogue = reverse("resources:resource-list", args=[self.institution.slug])
        catalogue += f"?kind={self.kind.code}"
        context = super().get_context_data(cancel_url=catalogue, **kwargs)
        crumbs = [{"label": self.kind.label_plural, "url": catalogue}]
        title = _("Register: %(kind)s") % {"kind": self.kind.label}
        return context | {"title": title, "crumbs": crumbs}

    def perform(self, form) -> str:
        made = register(
            institution=self.institution,
            kind=self.kind,
            values=form.values(),
            detail=form.detail.cleaned_data,
            accessories=form.lines(),
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Registered as a draft. Offer it when it is idle."))
        return reverse("resources:resource-detail", args=[self.institution.slug, made.pk])


class ResourceEdit(ResourceEntry, AboutOwnResource):
    submit_label = gettext_lazy("Save")
    title = gettext_lazy("Edit")

    @property
    def kind(self) -> CatalogueKind:
        return kinds[self.resource.kind]

    def get_form_kwargs(self):
        kind = self.kind
        return super().get_form_kwargs() | {
            "institution": self.institution,
            "kind": kind,
            "instance": self.resource,
            "detail": getattr(self.resource, kind.detail),
            "lines": self.resource.accessories.order_by("pk"),
        }

    def get_initial(self):
        return {"version": self.resource.version}

    def perform(self, form) -> str:
        revise(
            resource=self.resource,
            version=form.cleaned_data["version"] or 0,
            values=form.values(),
            detail=form.detail.cleaned_data,
            accessories=form.lines(),
            by=self.request.user,
            now=self.now,
        )
        return self.done(_("Saved."))


class ResourceState(AboutOwnResource):
    """The technical state of a device, in one short form."""

    form_class = StateForm
    title = gettext_lazy("Technical state")
    submit_label = gettext_lazy("Set the state")

    @cached_property
    def resource(self) -> Resource:
        resource = super().resource
        if kinds[resource.kind].set_state is None:
            raise Http404
        return resource

    def get_form_kwargs(self):
        states = kinds[self.resource.kind].states
        return super().get_form_kwargs() | {"choices": states.choices}

    def get_initial(self):
        detail = getattr(self.resource, kinds[self.resource.kind].detail)
        return {"status": detail.status, "note": detail.status_note}

    def perform(self, form) -> str:
        kinds[self.resource.kind].set_state(
            resource=self.resource,
            status=form.cleaned_data["status"],
            note=form.cleaned_data["note"],
            by=self.request.user,
            now=self.now,
        )
        return self.done(_("The technical state is set."))


class ResourceRetire(AboutOwnResource):
    template_name = "generic/confirm.html"
    form_class = RetireForm
    title = gettext_lazy("Take out of the catalogue")
    submit_label = gettext_lazy("Retire it")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=_("Retire “%(name)s” for good?") % {"name": self.resource.name},
            consequences=[_("It can no longer be offered; its history stays.")],
            danger=True,
            **kwargs,
        )

    def perform(self, form) -> str:
        if self.resource.status != ResourceStatus.RETIRED:
            retire(resource=self.resource, by=self.request.user, now=self.now)
        return self.done(_("It is retired."))
