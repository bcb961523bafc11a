"""A hold is placed from the request form itself, and everything typed stays in it."""

from django import forms

from medshare_portal.refusals import Refusal
from scheduling.actions import requests
from scheduling.forms.request import HoldForm, RequestForm


class HoldsTime:
    """Mixin of ``AsksForOne``: ``do=hold`` asks for nothing but times and units, and the answer is
    the same page with the form as it was sent."""

    @property
    def holds(self) -> bool:
        return self.request.POST.get("do") == "hold"

    def get_form(self, form_class=None):
        if self.request.method == "POST" and self.holds:
            return HoldForm(self.request.POST, zone=self.zone)
        return self.request_form()

    def form_valid(self, form):
        answer = super().form_valid(form)
        if not self.holds or answer.status_code != 302:
            return answer
        return self._page_as_typed()

    def form_invalid(self, form, status=422):
        if not self.holds:
            return super().form_invalid(form, status=status)
        [(name, errors), *_more] = form.errors.as_data().items()
        label = form.fields[name].label if name in form.fields else ""
        words = f"{label}: {errors[0].messages[0]}" if label else errors[0].messages[0]
        return self._page_as_typed(Refusal(words), status=status)

    def refused(self, form, refusal: Refusal):
        if not self.holds:
            return super().refused(form, refusal)
        return self._page_as_typed(refusal, status=refusal.status)

    def _page_as_typed(self, refusal: Refusal | None = None, status: int = 200):
        """What the rules say now, and the form as it was sent, not judged yet."""
        self.forget()
        self.refusal = refusal
        form = self.kept_form()
        form.findings = refusal.findings if refusal else []
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def kept_form(self) -> RequestForm:
        form = self.request_form(initial=self.get_initial())
        for name, field in form.fields.items():
            typed = field.widget.value_from_datadict(self.request.POST, {}, name)
            if typed is not None and not isinstance(field.widget, forms.HiddenInput):
                form.initial[name] = typed
        return form

    def place_hold(self, form) -> str:
        values = form.cleaned_data
        held = requests.hold(
            resource=self.resource,
            borrower=self.institution,
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            units=values["units"],
            by=self.request.user,
            now=self.now,
            mode=self.wish.mode,
        )
        return self.address(
            starts_at=held.starts_at, ends_at=held.ends_at, units=held.units, unit=self.unit
        )
