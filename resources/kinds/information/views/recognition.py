"""Mutual recognition: every rule with its verdict, and what we do with the result."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.kinds.information.actions.recognitions import record
from resources.kinds.information.forms.recognition import RECOGNISED, RecognitionForm
from resources.kinds.information.queries.recognition import recognition_of, records_of
from resources.kinds.information.recognition import Verdict
from resources.kinds.information.views.entry import KIND
from resources.queries.detail import visible_resource

LEVELS = {Verdict.YES: "ok", Verdict.PERHAPS: "partial", Verdict.NO: "bad"}
WORDS = {
    Verdict.YES: gettext_lazy("Can be recognised"),
    Verdict.PERHAPS: gettext_lazy("May be recognised if its quality suffices"),
    Verdict.NO: gettext_lazy("Is not recognised, for these reasons"),
}


def explained(recognition) -> dict:
    """The verdict and every rule, for a template."""
    return {
        "level": LEVELS[recognition.verdict],
        "words": WORDS[recognition.verdict],
        "points": [
            {
                "level": LEVELS[point.verdict],
                "name": point.name,
                "text": point.text,
                "source": point.source,
            }
            for point in recognition.points
        ],
    }


class RecognitionPage(ActionPage):
    """Record that a result is recognised, or that the examination is repeated and why (INF-09)."""

    permission = Permission.ASK

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    form_class = RecognitionForm
    template_name = "resources/information/recognition.html"
    title = gettext_lazy("Mutual recognition")
    submit_label = gettext_lazy("Record it")

    @cached_property
    def resource(self):
        found = visible_resource(self.institution, self.kwargs["pk"])
        theirs = found is not None and found.institution_id != self.institution.pk
        if not theirs or found.kind != KIND or found.information.recognised_item is None:
            raise Http404
        return found

    @cached_property
    def recognition(self):
        return recognition_of(self.resource, self.institution, self.now)

    def address(self) -> str:
        return reverse("resources:resource-detail", args=[self.institution.slug, self.resource.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            resource=self.resource,
            crumbs=[{"label": self.resource.name, "url": self.address()}],
            cancel_url=self.address(),
            recognition=explained(self.recognition),
            records=records_of(self.resource, self.institution)[:10],
            **kwargs,
        )

    def perform(self, form) -> str:
        values = form.cleaned_data
        record(
            resource=self.resource,
            institution=self.institution,
            recognition=self.recognition,
            recognise=values["outcome"] == RECOGNISED,
            reason=values["reason"],
            note=values["note"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Recorded."))
        return self.address()
