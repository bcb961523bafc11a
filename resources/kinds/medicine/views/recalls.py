"""Recall notices of the city, and entering one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.kinds.medicine.actions.states import recall
from resources.kinds.medicine.forms.stock import RecallForm
from resources.kinds.medicine.queries.stock import recall_notices


class RecallList(Page):
    """Every notice that was entered anywhere in the city."""

    permission = Permission.VIEW
    of_kind = "medicine"
    template_name = "resources/medicine/recalls.html"

    def get_context_data(self, **kwargs):
        page = Paginator(recall_notices(), 50).get_page(self.request.GET.get("page"))
        may_enter = self.may(Permission.DECIDE)
        return super().get_context_data(page=page, may_enter=may_enter, **kwargs)


class RecallEnter(ActionPage):
    """A notice of the maker or the authority stops its lot everywhere at once."""

    permission = Permission.DECIDE
    of_kind = "medicine"
    form_class = RecallForm
    title = gettext_lazy("Enter a recall notice")
    submit_label = gettext_lazy("Stop this lot in the whole city")

    def get_context_data(self, **kwargs):
        crumbs = [{"label": _("Recall notices"), "url": self.list_url}]
        return super().get_context_data(
            crumbs=crumbs,
            cancel_url=self.list_url,
            intro=_(
                "Every institution that holds this lot is told at once; offers end, and requests "
                "under way are put on hold."
            ),
            **kwargs,
        )

    @property
    def list_url(self) -> str:
        return reverse("resources:medicine-recalls", args=[self.institution.slug])

    def get_initial(self):
        return {name: self.request.GET.get(name, "") for name in ("approval_no", "lot_no")}

    def perform(self, form) -> str:
        recall(
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        messages.success(self.request, _("The lot is stopped in the whole city."))
        return self.list_url
