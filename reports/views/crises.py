"""Crises: the list, the page of one while it runs and after, its file."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.actions import crises as acts
from medshare_portal.models import Crisis
from medshare_portal.rates import TooOften
from medshare_portal.roles import Permission
from medshare_portal.spreadsheets import FORMATS, download, moment, neutral
from medshare_portal.views.pages import AtInstitution, Page
from medshare_portal.views.too_often import too_often
from reports.queries import crisis as queries
from resources.kinds import kinds

HEAD = (
    "reference", "kind", "resource", "owner", "borrower", "priority", "state", "from", "until",
    "units", "packs_or_looks", "sent", "answered", "minutes_to_answer", "answered_by", "relaxed",
    "reason_of_the_city", "objection", "objected", "still_out", "unsettled", "steps",
)  # fmt: skip


class Crises(Page):
    """What runs and what there was, the latest first."""

    permission = Permission.CITY_VIEW
    template_name = "reports/crisis/list.html"

    def get_context_data(self, **kwargs):
        rows = list(Crisis.objects.order_by("-starts_at", "-pk"))
        running = next((row for row in rows if row.is_open and row.ends_at > self.now), None)
        return super().get_context_data(
            crises=[row for row in rows if row is not running],
            running=running,
            may_declare=self.may(Permission.DECLARE_CRISIS) and running is None,
            **kwargs,
        )


class OfCrisis(AtInstitution):
    """Mixin: the crisis in the address."""

    @cached_property
    def crisis(self) -> Crisis:
        return get_object_or_404(Crisis.objects.select_related("declared_by"), pk=self.kwargs["pk"])

    @property
    def is_running(self) -> bool:
        return self.crisis.is_open and self.crisis.ends_at > self.now


class CrisisPage(OfCrisis, Page):
    """While it runs what waits, and always what was done under it."""

    permission = Permission.CITY_VIEW
    template_name = "reports/crisis/detail.html"

    def get_context_data(self, **kwargs):
        crisis, scope = self.crisis, queries.scope_of(self.crisis)
        report = queries.report(crisis, now=self.now)
        return super().get_context_data(
            crisis=crisis,
            running=self.is_running,
            may_act=self.is_running and self.may(Permission.DECLARE_CRISIS),
            scope=scope,
            kinds=[kinds[code].label for code in scope.kinds if code in kinds],
            acts=crisis.acts.select_related("by").order_by("at", "pk"),
            report=report,
            emergencies=queries.emergencies(crisis) if self.is_running else [],
            headlines=self._headlines(report),
            **kwargs,
        )

    def _headlines(self, report) -> list[tuple]:
        """(number, name, definition)."""
        minutes = _("%(n)s min")
        before = minutes % {"n": report.before} if report.before is not None else _("none")
        during = minutes % {"n": report.during} if report.during is not None else "–"
        return [
            (len(report.deeds), _("Requests under it"), _("asked or agreed while it ran")),
            (
                during,
                _("Time to answer"),
                _("median; in a time as long just before: %(before)s") % {"before": before},
            ),
            (report.answered["owner"], _("Answered by owners"), _("approved or declined")),
            (report.answered["city"], _("Approved by the city"), _("in the owner's place")),
            (report.answered[""], _("Without an answer"), _("waiting, withdrawn or lapsed")),
            (len(report.out), _("Still in use"), _("handed over, at work, or with access open")),
        ]


class CrisisExport(OfCrisis, Page):
    """The list after the action as a file; by POST, because it is written to the audit trail."""

    permission = Permission.CITY_VIEW
    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        file_format = request.POST.get("format")
        if file_format not in FORMATS:
            raise BadRequest
        try:
            acts.record_export(
                crisis=self.crisis, file_format=file_format, by=request.user, now=self.now
            )
        except TooOften as refusal:
            back = reverse("city:crisis", args=[self.crisis.pk])
            return too_often(request, refusal, most=acts.MOST_EXPORTS, back=back)
        name = f"medshare-{self.crisis.reference.lower()}-{self.now:%Y%m%d}"
        return download(_rows(self.crisis), name, file_format)


def _rows(crisis: Crisis):
    """The head, then a line per request."""
    yield list(HEAD)
    for deed in queries.deeds(crisis, most=None):
        yield [neutral(value) for value in _line(deed)]


def _line(deed: queries.Deed) -> list:
    request, approval = deed.request, deed.approval
    return [
        request.reference,
        request.kind,
        f"{request.resource.code} {request.resource.name}",
        request.owner.name,
        request.borrower.name,
        request.priority,
        request.state,
        request.starts_at,
        request.ends_at,
        request.units,
        request.quantity,
        request.submitted_at,
        request.decided_at,
        deed.minutes,
        deed.decided_by,
        deed.relaxed_words,
        approval.reason if approval else "",
        approval.objection if approval else "",
        approval.objected_at if approval else "",
        deed.still_out,
        deed.unsettled,
        ", ".join(f"{moment(step.at)} {step.transition}" for step in deed.steps),
    ]
