"""A request and the steps that end it: withdraw, cancel, not collected."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission, permissions_of
from medshare_portal.views.pages import Page
from scheduling.actions import handovers, requests
from scheduling.extent import is_overdue
from scheduling.forms.decisions import CancelForm, MessageForm
from scheduling.kinds import kinds, zone_of
from scheduling.models import SharingRequest
from scheduling.next_steps import next_steps
from scheduling.queries import inbox
from scheduling.queries.at_risk import at_risk_by, whereabouts
from scheduling.queries.detail import story
from scheduling.queries.outages import is_out_of_order
from scheduling.queries.sign_offs import consents_missing
from scheduling.request_panels import Asked, panels_for
from scheduling.states import Side, State
from scheduling.verdicts import finding_rows, passed_sentence
from scheduling.views.replacement_rows import replacements_for
from scheduling.views.request_page import EitherSide, RequestAction
from scheduling.workflow import RUNNING

ON_HOLD = (State.UNDERWAY, State.FINISHED)  # a reported fault is open until the owner's check

COMES_TO_NOTHING = set(State.ENDED) - {State.CLOSED}  # nothing is to be paid


class RequestDetail(Page):
    """The whole story, for both sides."""

    permission = Permission.VIEW
    template_name = "scheduling/requests/detail.html"

    @property
    def of_kind(self) -> str:
        return self.sharing_request.kind

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = inbox.related(SharingRequest.objects.concerning(self.institution))
        return get_object_or_404(rows.select_related("decided_by"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        side = request.side_of(self.institution)
        counterpart = request.borrower if side == Side.OWNER else request.owner
        told = story(request)
        lost = self._lost(side)
        steps = next_steps(
            request,
            side=side,
            permissions=self._rights,
            now=self.now,
            handovers=told.handovers,
            changes=told.changes,
            not_back=self._whereabouts.not_back(request),
            missing=consents_missing(request),
        )
        return super().get_context_data(
            sharing_request=request,
            story=told,
            own_side=side,
            sides=kinds[request.kind].sides,
            headline=kinds[request.kind].sides.headline(side, counterpart.name),
            zone=zone_of(request),
            possible=[step for step in steps if not step.why],
            greyed=[step for step in steps if step.why],
            crumbs=self._crumbs(side),
            overdue=request.state == State.UNDERWAY and is_overdue(request, self.now),
            costs=bool(request.starts_at) and request.state not in COMES_TO_NOTHING,
            part=self._part(),
            panels=self._panels(side),
            record_template=kinds[request.kind].record_template,
            on_hold=bool(told.faults) and request.state in ON_HOLD,
            at_risk=self._whereabouts.at_risk(request),
            out_of_order=request.state in RUNNING and is_out_of_order(request.resource),
            **self._puts_at_risk(side),
            lost=lost,
            may_look=lost is None and side == Side.BORROWER and self._may_look,
            **self._checks,
            **kwargs,
        )

    def _part(self) -> dict | None:
        """What the kind itself tells of its request."""
        kind = kinds[self.of_kind]
        if not kind.detail_template:
            return None
        facts = kind.facts(self.sharing_request, self.institution) if kind.facts else {}
        return {"template": kind.detail_template, "facts": facts, "rights": self._rights}

    def _panels(self, side) -> dict[str, list[dict]]:
        asked = Asked(
            sharing_request=self.sharing_request,
            institution=self.institution,
            side=side,
            user=self.request.user,
            rights=self._rights,
            now=self.now,
        )
        return panels_for(asked)

    @property
    def _rights(self) -> frozenset[Permission]:
        return permissions_of(self.request.roles, self.of_kind)

    @cached_property
    def _whereabouts(self):
        return whereabouts([self.sharing_request], now=self.now)

    def _puts_at_risk(self, side) -> dict:
        """What an overdue device keeps waiting: the owner sees who, the borrower since when."""
        request = self.sharing_request
        late = request.state == State.UNDERWAY
        found = at_risk_by([request], now=self.now) if late else []
        if side == Side.OWNER:
            return {"puts_at_risk": found}
        others = [row for row in found if row.borrower_id != request.borrower_id]
        return {"waited_for": min(others, key=lambda row: row.blocked_from, default=None)}

    def _lost(self, side) -> dict | None:
        """What the borrower can have for the time that is lost or at stake."""
        if side != Side.BORROWER or not self.may(Permission.ASK):
            return None
        at_risk = self._whereabouts.at_risk(self.sharing_request)
        looking = "others" in self.request.GET or self._is_blocked
        return replacements_for(
            self.sharing_request, at_risk=at_risk, looking=looking, now=self.now
        )

    @property
    def _is_blocked(self) -> bool:
        """Whether it could not be approved as things stand."""
        return any(row["severity"] == "block" for row in self._checks["findings"])

    @property
    def _may_look(self) -> bool:
        """Whether the page can tell who else could serve, before anything went wrong."""
        pending = self.sharing_request.state in State.PENDING
        return pending and bool(kinds[self.of_kind].in_rounds) and self.may(Permission.ASK)

    def _crumbs(self, side) -> list[dict]:
        ours = side == Side.OWNER
        label, page = (_("We lend"), "lending") if ours else (_("We borrow"), "borrowing")
        url = reverse(f"scheduling:{page}", args=[self.institution.slug])
        return [{"label": label, "url": url}]

    @cached_property
    def _checks(self) -> dict:
        """What the rules say while it is undecided; the rivals only for the owner."""
        if self.sharing_request.state != State.REQUESTED:
            return {"findings": [], "passed": "", "rivals": []}
        task = inbox.task_of(self.sharing_request, self.institution, now=self.now)
        return {
            "findings": finding_rows(task.findings),
            "passed": passed_sentence(task),
            "rivals": task.rivals,
        }


class Withdraw(RequestAction):
    permission = Permission.ASK
    side = Side.BORROWER
    form_class = MessageForm
    title = gettext_lazy("Withdraw the request")
    submit_label = gettext_lazy("Withdraw")

    def perform(self, form) -> str:
        requests.withdraw(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("The request is withdrawn."))


class Cancel(EitherSide):
    """Call a booking off before it starts, from either side."""

    form_class = CancelForm
    submit_label = gettext_lazy("Cancel and tell them")

    @property
    def title(self):
        return kinds[self.of_kind].step_labels.get("cancel") or _("Cancel the booking")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.of_kind, "side": self.own_side}

    def perform(self, form) -> str:
        requests.cancel(
            sharing_request=self.sharing_request,
            side=self.own_side,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(
            _("Cancelled; %(name)s has been told.") % {"name": self.counterpart.name}
        )


class NoShow(RequestAction):
    of_times = True
    permission = Permission.HAND_OVER
    side = Side.OWNER
    form_class = MessageForm
    title = gettext_lazy("Not collected")
    submit_label = gettext_lazy("Record and free the time")

    def perform(self, form) -> str:
        handovers.no_show(
            sharing_request=self.sharing_request,
            side=Side.OWNER,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Recorded as not collected; the time is free again."))
