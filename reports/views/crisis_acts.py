"""The city acts in a crisis: each act is asked about once more before it happens."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.actions import crises as acts
from medshare_portal.bilingual import localised
from medshare_portal.local_times import describe_moment
from medshare_portal.models import Crisis
from medshare_portal.refusals import Refusal
from medshare_portal.relaxations import relaxations, words_of
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from reports.forms.crises import CityApproveForm, DeclareForm, EndForm, ExtendForm
from reports.queries import crisis as queries
from reports.views.crises import OfCrisis
from resources.kinds import kinds
from scheduling.actions import city_approvals
from scheduling.kinds import kinds as workflow_kinds
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.queries.rule_facts import context_of, wish_of
from scheduling.rules import findings_for_request
from scheduling.verdicts import finding_rows


class TwoSteps(ActionPage):
    """A form, then a page that says what will happen, then the act."""

    permission = Permission.DECLARE_CRISIS
    question = ""
    confirm_label = ""  # of the second page, where it differs
    danger = False

    def consequences(self, form) -> list[str]:
        return []

    def form_valid(self, form):
        if form.cleaned_data["confirmed"]:
            return super().form_valid(form)
        try:
            said = self.consequences(form)
        except Refusal as refusal:
            return self.refused(form, refusal)
        form.hide()
        context = self.get_context_data(form=form) | {
            "question": self.question,
            "consequences": said,
            "danger": self.danger,
            "submit_label": self.confirm_label or self.submit_label,
        }
        return render(self.request, "generic/confirm.html", context)

    def succeeded(self, words: str, crisis: Crisis) -> str:
        messages.success(self.request, words)
        return reverse("city:crisis", args=[crisis.pk])


class Declare(TwoSteps):
    form_class = DeclareForm
    template_name = "reports/crisis/declare.html"
    title = gettext_lazy("Declare a crisis")
    submit_label = gettext_lazy("Go on")
    confirm_label = gettext_lazy("Declare it now")
    question = gettext_lazy("Declare this crisis now? Everybody within its scope is told at once.")
    danger = True

    def get(self, request, *args, **kwargs):
        """Nobody fills in a form that cannot be sent."""
        running = Crisis.objects.running(self.now).first()
        if running is None:
            return super().get(request, *args, **kwargs)
        messages.warning(request, acts.AlreadyRunning.message)
        return redirect("city:crisis", running.pk)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": timezone.localdate(self.now)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            relaxations=relaxations, cancel_url=reverse("city:crises"), **kwargs
        )

    def consequences(self, form) -> list[str]:
        declared = form.declaration
        until = acts.end_from(self.now, declared.hours)
        number = len(acts.reached_by(declared))
        return [
            _("Name: %(name)s") % {"name": localised(declared)},
            _("Institutions within the scope: %(n)s") % {"n": number},
            _("Kinds: %(kinds)s")
            % {"kinds": _(", ").join(str(kinds[code].label) for code in declared.kinds)},
            *self._narrowed(form),
            _("Relaxed: %(rules)s") % {"rules": words_of(declared.relaxed)},
            _("The owner has %(n)s min to answer an emergency.") % {"n": declared.wait_minutes},
            _("It ends by itself: %(moment)s") % {"moment": describe_moment(until)},
        ]

    def _narrowed(self, form) -> list[str]:
        names = [each.name for each in form.chosen_categories()]
        return [_("Only: %(categories)s") % {"categories": _(", ").join(names)}] if names else []

    def perform(self, form) -> str:
        crisis = acts.declare(declaration=form.declaration, by=self.request.user, now=self.now)
        return self.succeeded(
            _("The crisis is declared; everybody affected has been told."), crisis
        )


class ActOnCrisis(OfCrisis, TwoSteps):
    """An act on a crisis that runs; of one that has ended its page says so.

    What was confirmed goes on to the action: sent twice it was one act, sent late it is refused.
    """

    def dispatch(self, request, *args, **kwargs):
        if self.is_running or request.POST.get("confirmed"):
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, acts.HasEnded.message)
        return redirect("city:crisis", self.crisis.pk)

    def get_context_data(self, **kwargs):
        address = reverse("city:crisis", args=[self.crisis.pk])
        crumbs = [{"label": self.crisis.name, "url": address}]
        return super().get_context_data(crumbs=crumbs, cancel_url=address, **kwargs)


class Extend(ActOnCrisis):
    form_class = ExtendForm
    title = gettext_lazy("Extend the crisis")
    submit_label = gettext_lazy("Extend")
    question = gettext_lazy("Let the crisis go on longer?")

    def consequences(self, form) -> list[str]:
        until = acts.later_end(self.crisis, self.now, form.cleaned_data["hours"])
        words = {"old": describe_moment(self.crisis.ends_at), "new": describe_moment(until)}
        return [_("It ends by itself: %(old)s → %(new)s") % words]

    def perform(self, form) -> str:
        values = form.cleaned_data
        crisis = acts.extend(
            crisis=self.crisis,
            hours=values["hours"],
            reason=values["reason"],
            by=self.request.user,
            now=self.now,
        )
        until = describe_moment(crisis.ends_at)
        return self.succeeded(_("It now ends by itself: %(until)s.") % {"until": until}, crisis)


class End(ActOnCrisis):
    form_class = EndForm
    title = gettext_lazy("End the crisis")
    submit_label = gettext_lazy("End it now")
    question = gettext_lazy("End the crisis now? From this moment all rules hold as usual.")
    danger = True

    def consequences(self, form) -> list[str]:
        waiting = len(queries.emergencies(self.crisis))
        return [
            _("Emergencies that wait for their owner's answer: %(n)s") % {"n": waiting},
            _("What was asked or booked under it stays as it is."),
        ]

    def perform(self, form) -> str:
        acts.end(
            crisis=self.crisis,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=self.now,
        )
        words = _("The crisis has ended; everybody affected has been told.")
        return self.succeeded(words, self.crisis)


class ApproveInOwnersPlace(ActOnCrisis):
    """One emergency that its owner has not answered."""

    form_class = CityApproveForm
    template_name = "reports/crisis/request.html"
    title = gettext_lazy("Approve in the owner's place")
    submit_label = gettext_lazy("Approve in the owner's place")
    question = gettext_lazy("Approve this in the owner's place? Both sides are told at once.")

    @cached_property
    def sharing_request(self):
        found = queries.request_in(self.crisis, self.kwargs["asked"])
        if found is None or not workflow_kinds[found.kind].city_decides:
            raise Http404
        return found

    def get_initial(self):
        return {"version": self.sharing_request.version}

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        return super().get_context_data(
            sharing_request=request,
            zone=zone_of(request),
            part_of=_of_basket(request, self.zone_of_request),
            findings=finding_rows(self._findings()),
            due_at=city_approvals.city_may_answer_from(self.crisis, request),
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        """What the city can never answer, or what is answered, has no form."""
        try:
            city_approvals.require_answerable(self.sharing_request, by=request.user, now=self.now)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return redirect("city:crisis", self.crisis.pk)
        return super().get(request, *args, **kwargs)

    def _findings(self):
        if judge := workflow_kinds[self.sharing_request.kind].judge:
            return judge([self.sharing_request], self.now)[0]
        return findings_for_request(context_of(wish_of(self.sharing_request), now=self.now))

    def consequences(self, form) -> list[str]:
        request = self.sharing_request
        words = {"owner": request.owner.name, "borrower": request.borrower.name}
        return [
            f"{request.reference} · {request.resource.name} {request.resource.code}",
            _("%(owner)s lends to %(borrower)s; the owner may object.") % words,
            *_of_basket(request, self.zone_of_request),
            *(_of_rival(rival) for rival in queries.rivals_of(request)),
        ]

    @property
    def zone_of_request(self) -> ZoneInfo:
        return ZoneInfo(zone_of(self.sharing_request))

    def perform(self, form) -> str:
        city_approvals.approve(
            sharing_request=self.sharing_request,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("Approved; both sides have been told."), self.crisis)


def _of_basket(request: SharingRequest, zone: ZoneInfo) -> list[str]:
    """What hangs on it: as its owner reads it in the inbox."""
    basket = request.basket
    if basket is None:
        return []
    if not basket.answers_until:
        words = _("It is one of %(n)s items of a basket, each decided by itself.")
        return [words % {"n": basket.item_count}]
    words = _("It is one of %(n)s items of a basket, all or nothing: complete until %(until)s.")
    until = describe_moment(basket.answers_until, tz=zone)
    return [words % {"n": basket.item_count, "until": until}]


def _of_rival(rival: SharingRequest) -> str:
    words = _("%(name)s (%(reference)s) wants it at the same time: declined and told.")
    if rival.basket is not None and rival.basket.answers_until:
        words = _(
            "%(name)s (%(reference)s) wants it at the same time: declined and told, and with it "
            "everything in its all-or-nothing basket is released."
        )
    return words % {"name": rival.borrower.name, "reference": rival.reference}
