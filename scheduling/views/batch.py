"""Ticked rows that are answered each by itself: the page before and after an attempt."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property

from medshare_portal import submissions
from medshare_portal.refusals import Refusal
from medshare_portal.views.pages import ActionPage
from scheduling.actions import batches
from scheduling.forms.batches import DECLINE

LOOK = "look"  # the button that shows the ticked ones and answers nothing


class BatchPage(ActionPage):
    """One row that fails stays ticked and says why.

    A page says which rows are ticked and its own (``rows``, each with ``pk``), what its form needs
    (``form_terms``), how rows are shown (``shown``, each says whether it ``waits``;
    ``shown_done``), what is done to each (``answer_each``), and ``back_url`` and ``words``.
    """

    rows: list
    back_url: str

    @cached_property
    def ticked(self) -> list[str]:
        return self.request.POST.getlist("pk")

    @property
    def declines(self) -> bool:
        return DECLINE in (self.request.POST.get(LOOK), self.request.POST.get("do"))

    def form_terms(self) -> dict:
        return {"ticked": self.ticked, "known": {row.pk for row in self.rows}}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | self.form_terms()

    def post(self, request, *args, **kwargs):
        """A button of the list first shows what is ticked and asks; nothing is answered."""
        if LOOK not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.form_class(**self.form_terms())
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        if "rows" not in kwargs:
            kwargs["rows"] = self.shown(self.rows, kwargs.get("form"), {})
        known = {"declines": self.declines, "back_url": self.back_url, "done": [], "refused": 0}
        known["some_wait"] = any(row.waits for row in kwargs["rows"])
        return super().get_context_data(**known | kwargs)

    def form_valid(self, form):
        try:
            sent = self._sent()
        except submissions.KeyMissing as refusal:
            return self.refused(form, refusal)
        refused = self.answer_each(form, sent)
        done = [row for row in self.rows if row.pk not in refused]
        if refused:
            return self._some_refused(done, refused)
        messages.success(self.request, self.words(len(done), form.cleaned_data["do"]))
        return HttpResponseRedirect(self.back_url)

    def _sent(self) -> batches.Sent:
        return batches.Sent(
            by=self.request.user,
            key=self.request.POST.get(submissions.FIELD, ""),
            digest=submissions.digest_of(self.request.path, self.request.POST),
            now=self.now,
        )

    def _some_refused(self, done: list, refused: Mapping[int, Refusal]):
        self.forget()
        left = [row for row in self.rows if row.pk in refused]
        fresh = self.form_class(self.request.POST, **self.form_terms())
        context = self.get_context_data(
            form=fresh,
            rows=self.shown(left, fresh, refused),
            done=self.shown_done(done),
            refused=len(refused),
        )
        return self.render_to_response(context, status=200 if done else 409)

    def forget(self) -> None:
        """What is shown after an attempt is what is there now."""
        del self.rows

    def shown_done(self, done: list) -> list:
        return done
