"""Where a scanned or typed code leads: the step that is due, a choice, or what comes next."""

from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView

from medshare_portal import rates
from resources.models import Resource
from scheduling.due_steps import Due, due_of_request, due_of_resource
from scheduling.note_codes import NotACode, UnknownCode, number_of

TRIES, WITHIN = 20, timedelta(minutes=10)
LEADING = {"device-label", "note-code"}


def unknown(request) -> HttpResponse:
    """The same for what does not exist, what is another hospital's, and what is another city's."""
    return render(request, "scheduling/handover/unknown_code.html", status=404)


def lead_to(request, found: list[Due]) -> HttpResponse | None:
    """The one step that is due, or a page with the choice or with what comes next."""
    possible = [due for due in found if due.possible]
    if len(possible) == 1:
        return HttpResponseRedirect(possible[0].url)
    if not found:
        return None
    context = {"dues": possible or found, "choice": bool(possible), "now": timezone.now()}
    return render(request, "scheduling/handover/scanned.html", context)


class Scanned(View):
    """``/e/<public_id>/``, the label on a device."""

    def get(self, request, public_id):
        found = due_of_resource(public_id, request.memberships, now=timezone.now())
        return lead_to(request, found) or self._resource(request, public_id) or unknown(request)

    def _resource(self, request, public_id) -> HttpResponse | None:
        """Without a booking of ours: the device, for the first of my institutions that sees it."""
        for membership in request.memberships:
            institution = membership.institution
            if institution is None:
                continue
            resource = Resource.objects.visible_to(institution).filter(public_id=public_id).first()
            if resource is not None:
                return HttpResponseRedirect(
                    reverse("resources:resource-detail", args=[institution.slug, resource.pk])
                )
        return None


class NoteCode(View):
    """``/c/<code>/``, the code on a note.

    Right codes are free, and so are misspelt ones, which cannot be a code.  Those that could be
    one and lead nowhere are counted – all that a GET writes here – so that nobody tries one after
    another.
    """

    def get(self, request, code):
        now = timezone.now()
        turns = {"user": request.user, "what": "wrong-note-code", "most": TRIES, "within": WITHIN}
        try:
            rates.check(**turns, now=now)
            answer = self._lead(request, code, now)
            if answer is None:
                with transaction.atomic():
                    rates.take(**turns, now=now)
        except rates.TooOften as refusal:
            return _too_often(request, refusal)
        except NotACode:
            return unknown(request)
        return answer or unknown(request)

    def _lead(self, request, code, now) -> HttpResponse | None:
        """None: it leads nowhere for this person.  Raises NotACode."""
        try:
            number = number_of(code)
        except UnknownCode:
            return None
        return lead_to(request, due_of_request(number, request.memberships, now=now))


def _too_often(request, refusal: rates.TooOften) -> HttpResponse:
    context = {"minutes": _minutes(refusal)}
    answer = render(request, "scheduling/handover/too_many.html", context, status=refusal.status)
    answer["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return answer


def _minutes(refusal: rates.TooOften) -> int:
    return int(max(1, -(-refusal.wait.total_seconds() // 60)))


class CodeForm(forms.Form):
    """A code as it was typed, or the whole address that a hand scanner typed."""

    code = forms.CharField(
        label=_("Code of the note"),
        max_length=300,
        help_text=_("Nine letters and digits, as on the note: 4K7-QZ0-H2M."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """The path to which it leads."""
        typed = self.cleaned_data["code"].strip()
        if "://" in typed:
            return _path_of(typed)
        try:
            number_of(typed)
        except NotACode as error:
            words = _("This is not a whole code: compare it with the note, letter by letter.")
            raise forms.ValidationError(words) from error
        except UnknownCode:
            pass  # said where it leads, in the words for everything that is not there
        return reverse("note-code", args=["".join(typed.split()).upper()])


def _path_of(address: str) -> str:
    """The path of a code's address.  Raises ValidationError when it is another portal's."""
    try:
        parts, ours = urlsplit(address), urlsplit(settings.PORTAL_URL)
        leads = parts.netloc == ours.netloc and resolve(parts.path).url_name in LEADING
    except (ValueError, Resolver404):
        leads = False
    if leads:
        return parts.path
    raise forms.ValidationError(
        _(
            "This code is of another city or another system. Scan it with the phone's camera: "
            "its address opens there."
        )
    )


class TypeCode(FormView):
    """``/code/``: where no camera helps.  Guessing is bounded."""

    template_name = "scheduling/handover/type_code.html"
    form_class = CodeForm

    def form_invalid(self, form, status=422):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        try:
            with transaction.atomic():
                rates.take(
                    user=request.user,
                    what="note-code",
                    most=TRIES,
                    within=WITHIN,
                    now=timezone.now(),
                )
        except rates.TooOften as refusal:
            words = _("Too many codes within a short time. Try again in %(n)s minutes.")
            form.is_valid()
            form.add_error("code", words % {"n": _minutes(refusal)})
            answer = self.form_invalid(form, status=429)
            answer["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
            return answer
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form):
        return HttpResponseRedirect(form.cleaned_data["code"])
