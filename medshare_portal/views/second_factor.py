"""Setting the second factor, giving its code at sign-in, keeping the recovery codes."""

import segno
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView

from medshare_portal import second_factor
from medshare_portal.actions import second_factor as actions
from medshare_portal.forms.second_factor import CodeForm, OffForm, SetForm
from medshare_portal.views.pages import ActionPage, local_path

KEPT = "recovery_codes"


def way_on(request) -> str:
    """Where the person wanted to go before the code was asked."""
    return local_path(request.GET.get("next", ""), "/")


class GiveCode(FormView):
    """The step after the password.  Wrong codes are counted by django-otp, which makes one wait."""

    template_name = "registration/second_factor.html"
    form_class = CodeForm

    def dispatch(self, request, *args, **kwargs):
        state = request.session.get(second_factor.SESSION_KEY)
        if state == second_factor.DONE:
            return HttpResponseRedirect(way_on(request))
        if not second_factor.is_set(request.user):
            due = state == second_factor.DUE
            return HttpResponseRedirect(reverse("second-factor-set") if due else way_on(request))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        user = self.request.user
        code = form.cleaned_data["code"].replace(" ", "").lower()
        if wait := second_factor.seconds_to_wait(user, code):
            return self._refused(form, _wait_words(wait), 429)
        if not actions.accepts(user=user, code=code, now=timezone.now()):
            return self._refused(form, actions.CodeWrong.message, 422)
        self.request.session[second_factor.SESSION_KEY] = second_factor.DONE
        return HttpResponseRedirect(way_on(self.request))

    def form_invalid(self, form, status=422):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _refused(self, form, words, status):
        form.add_error("code", words)
        return self.form_invalid(form, status)


def _wait_words(seconds: int) -> str:
    words = ngettext(
        "Too many wrong codes. Wait %(n)d second.",
        "Too many wrong codes. Wait %(n)d seconds.",
        seconds,
    )
    return words % {"n": seconds}


class SetSecondFactor(ActionPage):
    """A QR code to scan and its first code; again later in place of the old app."""

    template_name = "account/second_factor_set.html"
    form_class = SetForm
    title = gettext_lazy("Second factor")
    submit_label = gettext_lazy("Switch on")

    def dispatch(self, request, *args, **kwargs):
        done = request.session.get(second_factor.SESSION_KEY) == second_factor.DONE
        if second_factor.is_set(request.user) and not done:
            return HttpResponseRedirect(reverse("second-factor"))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"replaces": second_factor.is_set(self.request.user)}

    def get_initial(self):
        return {"secret": second_factor.offered_secret(self.request.user)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, form = self.request.user, context["form"]
        key = second_factor.key_of(form["secret"].value() or "", user)
        if key is None:
            fresh = second_factor.offered_secret(user)
            form.data = form.data.dict() | {"secret": fresh}
            key = second_factor.key_of(fresh, user)
        address = second_factor.address_of(key, user)
        drawing = segno.make(address, error="m").svg_inline(border=4, light="#fff", omitsize=True)
        return context | {
            "drawing": mark_safe(drawing),  # noqa: S308 – drawn by segno from our own address
            "typed": _in_fours(address),
            "needed": second_factor.is_needed(user),
            "already": second_factor.is_set(user),
        }

    def perform(self, form) -> str:
        session = self.request.session
        codes = actions.enrol(
            user=self.request.user, session=session.session_key, now=self.now, **form.cleaned_data
        )
        session[second_factor.SESSION_KEY], session[KEPT] = second_factor.DONE, codes
        return reverse("recovery-codes")


def _in_fours(address: str) -> str:
    """The secret for typing, where no camera reads the QR code."""
    secret = address.split("secret=")[1].split("&")[0]
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


class RecoveryCodes(TemplateView):
    """Shown after setting until the person says that they are kept; never again."""

    template_name = "account/recovery_codes.html"

    def get(self, request, *args, **kwargs):
        if KEPT not in request.session:
            return HttpResponseRedirect(reverse("profile"))
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        request.session.pop(KEPT, None)
        messages.success(request, _("The second factor is on."))
        return HttpResponseRedirect("/")

    def get_context_data(self, **kwargs):
        return super().get_context_data(codes=self.request.session[KEPT], **kwargs)


class SwitchOff(ActionPage):
    form_class = OffForm
    title = gettext_lazy("Switch off the second factor")
    submit_label = gettext_lazy("Switch off")

    def perform(self, form) -> str:
        actions.switch_off(user=self.request.user, now=self.now, **form.cleaned_data)
        self.request.session.pop(second_factor.SESSION_KEY, None)
        messages.success(self.request, _("The second factor is off."))
        return reverse("profile")
