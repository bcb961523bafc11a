"""The owner's pages: decide, revoke, review the log; and the end by either side."""

from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.refusals import StaleVersion
from medshare_portal.roles import Permission
from resources.kinds.information.views.words import in_words
from scheduling.actions.decisions import decline
from scheduling.kinds.information.actions import deciding, ending, glass
from scheduling.kinds.information.forms import access
from scheduling.kinds.information.forms import ending as forms
from scheduling.kinds.information.parts import SECOND
from scheduling.kinds.information.queries.detail import asked_lines, changed, looks_of
from scheduling.kinds.information.queries.facts import wish_of
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.models import AccessGrant, SignOff
from scheduling.queries.sign_offs import missing_consents
from scheduling.states import Side, State
from scheduling.views.request_page import EitherSide, RequestAction

KIND = "information"


class OfInformation(RequestAction):
    """A step of a request for information; others are not found here."""

    @cached_property
    def sharing_request(self):
        found = super().sharing_request
        if found.kind != KIND:
            raise Http404
        return found

    @cached_property
    def grant(self) -> AccessGrant:
        rows = AccessGrant.objects.of(self.sharing_request)
        return rows.select_related("terms", "person", "sharing_request").get()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.sharing_request.resource.site.time_zone)


class Decide(OfInformation):
    """Approve with an end date and a count, return for changes with a message, or decline."""

    permission = Permission.DECIDE
    side = Side.OWNER
    form_class = access.DecideForm
    template_name = "scheduling/information/decide.html"
    title = gettext_lazy("Decide the request")
    submit_label = gettext_lazy("Decide and tell them")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def get_initial(self):
        return {
            "until": access.last_day_of(self.grant.asked_until, self.zone),
            "looks": int(self.sharing_request.quantity),
            "version": self.sharing_request.version,
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        said = getattr(context["form"], "findings", None)
        if said is None and self.sharing_request.state == State.REQUESTED:
            said = findings_for_wish(wish_of(self.grant, self.sharing_request, now=self.now))
        return context | {
            "lines": asked_lines(self.grant, self.sharing_request),
            "changes": changed(self.grant, self.sharing_request),
            "findings": in_words(said or ()),
            "waits": missing_consents(self.sharing_request, "approve"),
        }

    def perform(self, form) -> str:
        values = form.cleaned_data
        if values["version"] is None:
            raise StaleVersion
        common = {
            "sharing_request": self.sharing_request,
            "by": self.request.user,
            "now": self.now,
            "version": values["version"],
            "text": values["text"],
        }
        if values["decision"] == access.APPROVE:
            deciding.approve(until=form.until_moment, looks=values["looks"], **common)
            return self.succeeded(_("Approved: it can be opened now."))
        if values["decision"] == access.RETURN:
            deciding.return_for_changes(**common)
            return self.succeeded(_("Returned; they have been told what should change."))
        decline(reason_code=values["reason_code"], **common)
        return self.succeeded(_("Declined; they have been told why."))


class ApproveSecond(OfInformation):
    """The most sensitive class wants two people: one gives this approval, the other decides."""

    permission = Permission.DECIDE
    side = Side.OWNER
    form_class = forms.SecondApprovalForm
    template_name = "scheduling/information/second.html"
    title = gettext_lazy("Second approval")
    submit_label = gettext_lazy("Approve as the second person")

    @cached_property
    def sharing_request(self):
        found = super().sharing_request
        asked = SignOff.objects.of(found).filter(part=SECOND).exists()
        if not asked and not missing_consents(found, "approve"):
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        lines = asked_lines(self.grant, self.sharing_request)
        return super().get_context_data(lines=lines, **kwargs)

    def perform(self, form) -> str:
        deciding.approve_second(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Approved; another person decides now."))


class EndAccess(OfInformation, EitherSide):
    """The owner revokes it, or the borrower needs it no longer: the next look is refused."""

    form_class = forms.SayWhyForm
    title = gettext_lazy("End the access")

    @property
    def revokes(self) -> bool:
        return self.own_side == Side.OWNER

    @property
    def submit_label(self):
        return _("Revoke it now") if self.revokes else _("We need it no longer")

    def perform(self, form) -> str:
        common = {
            "sharing_request": self.sharing_request,
            "by": self.request.user,
            "now": self.now,
            "text": form.cleaned_data["text"],
        }
        if self.revokes:
            ending.revoke(**common)
            return self.succeeded(_("Revoked: the next look is refused."))
        ending.give_back(**common)
        return self.succeeded(_("The access has ended."))


class ConsentWithdrawn(OfInformation, EitherSide):
    """Either side may learn that the person took the consent back."""

    form_class = forms.SayWhyForm
    title = gettext_lazy("Consent withdrawn")
    submit_label = gettext_lazy("Record it and stop the access")

    def perform(self, form) -> str:
        ending.withdraw_consent(
            sharing_request=self.sharing_request,
            side=self.own_side,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Recorded: no look is let through any more."))


class ReviewLog(OfInformation):
    """The last step: the owner has looked through the looks of an ended access."""

    permission = Permission.POST_CHECK
    side = Side.OWNER
    form_class = forms.LogReviewForm
    template_name = "scheduling/information/review_log.html"
    title = gettext_lazy("Review the log")
    submit_label = gettext_lazy("Reviewed, close it")

    def get_context_data(self, **kwargs):
        return super().get_context_data(looks=looks_of(self.sharing_request), **kwargs)

    def perform(self, form) -> str:
        deciding.close(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Closed."))


class ReviewGlass(OfInformation):
    """Whether a break-glass access was right: within three days, by the owner."""

    permission = Permission.POST_CHECK
    side = Side.OWNER
    form_class = forms.GlassReviewForm
    template_name = "scheduling/information/review_glass.html"
    title = gettext_lazy("Review the break-glass access")
    submit_label = gettext_lazy("Record the verdict")

    @cached_property
    def sharing_request(self):
        found = super().sharing_request
        if not AccessGrant.objects.of(found).filter(break_glass=True).exists():
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            grant=self.grant, looks=looks_of(self.sharing_request), **kwargs
        )

    def perform(self, form) -> str:
        glass.review(
            sharing_request=self.sharing_request,
            verdict=form.cleaned_data["verdict"],
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("The verdict is recorded; they have been told."))
