"""Other times for a booking: more time, its answer, recall, earlier end."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission
from scheduling.actions import changes
from scheduling.forms.changes import AnswerExtensionForm, NewEndForm
from scheduling.kinds import zone_of
from scheduling.models import TimeChange
from scheduling.queries.rule_facts import context_of, wish_of
from scheduling.rules import findings_for_request
from scheduling.states import ChangeStatus, Side
from scheduling.verdicts import finding_rows
from scheduling.views.changes_shown import recall_facts, tried_end, what_follows
from scheduling.views.request_page import RequestAction


class NewEnd(RequestAction):
    """Base of the three forms that ask for a new end."""

    of_times = True
    form_class = NewEndForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sharing_request": self.sharing_request}

    def get_initial(self):
        return {"new_ends_at": self.sharing_request.ends_at}

    def get_context_data(self, **kwargs):
        return super().get_context_data(explain=self.explain, **kwargs)

    @property
    def explain(self) -> str:
        return ""

    def common(self, form) -> dict:
        return {
            "sharing_request": self.sharing_request,
            "by": self.request.user,
            "now": self.now,
            **form.cleaned_data,
        }

    def moment(self, form) -> str:
        zone = zone_of(self.sharing_request)
        return describe_moment(form.cleaned_data["new_ends_at"], tz=zone)


class Extend(NewEnd):
    """Who comes next is shown before it is asked; an end is tried out by a button, or by the
    address (``?new_ends_at=``)."""

    permission = Permission.ASK
    side = Side.BORROWER
    title = gettext_lazy("Ask for more time")
    submit_label = gettext_lazy("Ask the owner")
    template_name = "scheduling/requests/extend.html"

    @cached_property
    def tried(self) -> NewEndForm | None:
        """The form with what is tried out."""
        request = self.request
        asking = request.method == "POST" and not self._only_tries
        if asking or (request.method == "GET" and "new_ends_at" not in request.GET):
            return None
        values = request.POST if self._only_tries else request.GET
        return self.form_class(values, sharing_request=self.sharing_request)

    @property
    def _only_tries(self) -> bool:
        return self.request.POST.get("do") == "try"

    def post(self, request, *args, **kwargs):
        post = self.get if self._only_tries else super().post
        return post(request, *args, **kwargs)

    def get_form(self, form_class=None):
        if self.tried is None:
            return super().get_form(form_class)
        self.tried.fields["reason"].required = False
        return self.tried

    def get(self, request, *args, **kwargs):
        """An address with an end that cannot be tried out is answered as the search's is."""
        response = super().get(request, *args, **kwargs)
        if self.tried is not None and self.tried.errors:
            response.status_code = 422 if self._only_tries else 400
        return response

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        if form is self.tried:
            form.full_clean()
        end = form.cleaned_data.get("new_ends_at") if form.is_bound else None
        longer = end is not None and end > self.sharing_request.ends_at
        if form is self.tried and end is not None and not longer:
            form.add_error("new_ends_at", changes.NotLonger.message)
        follows = what_follows(self.sharing_request, side=self.side, until=end if longer else None)
        shown = {"form": form, "follows": follows, "tried": longer}
        if longer:
            shown |= tried_end(self.sharing_request, end, now=self.now)
        return super().get_context_data(**shown | kwargs)

    @property
    def explain(self) -> str:
        return _(
            "The owner answers; until then the present end stays. "
            "Every check is made for the longer time."
        )

    def perform(self, form) -> str:
        changes.ask_extension(**self.common(form))
        return self.succeeded(
            _("%(name)s has been asked for more time, until %(moment)s.")
            % {
                "name": self.counterpart.name,
                "moment": self.moment(form),
            }
        )


class Shorten(NewEnd):
    permission = Permission.ASK
    side = Side.BORROWER
    title = gettext_lazy("Return early")
    submit_label = gettext_lazy("End earlier and free the time")

    @property
    def explain(self) -> str:
        return _("No approval is needed. The time after the new end is free for others at once.")

    def perform(self, form) -> str:
        changes.shorten(**self.common(form))
        return self.succeeded(_("It now ends %(moment)s.") % {"moment": self.moment(form)})


class Recall(NewEnd):
    permission = Permission.DECIDE
    side = Side.OWNER
    title = gettext_lazy("Recall")
    submit_label = gettext_lazy("Recall and tell the borrower")
    template_name = "scheduling/requests/recall.html"

    @cached_property
    def facts(self) -> dict:
        return recall_facts(self.sharing_request, now=self.now)

    def get_initial(self):
        """The earliest end that keeps the promise."""
        return {"new_ends_at": self.facts["earliest"] or self.sharing_request.ends_at}

    def get_context_data(self, **kwargs):
        return super().get_context_data(facts=self.facts, **kwargs)

    @property
    def explain(self) -> str:
        return _(
            "The offer promised %(hours)s h of notice. The borrower is told at once and "
            "pointed to what is free for the rest of the time."
        ) % {"hours": self.sharing_request.recall_notice_hours}

    def perform(self, form) -> str:
        changes.recall(**self.common(form))
        return self.succeeded(
            _("Recalled: it now ends %(moment)s; %(name)s has been told.")
            % {
                "moment": self.moment(form),
                "name": self.counterpart.name,
            }
        )


class AnswerExtension(RequestAction):
    """The owner agrees to a later end, or keeps the present one."""

    of_times = True
    permission = Permission.DECIDE
    side = Side.OWNER
    form_class = AnswerExtensionForm
    title = gettext_lazy("Answer the extension")
    submit_label = gettext_lazy("Send the answer")
    template_name = "scheduling/requests/extension.html"

    def get(self, request, *args, **kwargs):
        """What is answered already is said where its answer stands."""
        if self.change.status == ChangeStatus.PENDING:
            return super().get(request, *args, **kwargs)
        messages.warning(request, changes.AlreadyAnswered.message)
        return redirect(self.detail_url)

    @cached_property
    def change(self) -> TimeChange:
        """The extension that waits, or the latest one for a page that was opened too late."""
        rows = TimeChange.objects.of(self.sharing_request).order_by("-asked_at", "-pk")
        waiting = [row for row in rows if row.status == ChangeStatus.PENDING]
        found = next(iter(waiting or rows), None)
        if found is None:
            raise Http404
        found.sharing_request = self.sharing_request
        return found

    def get_context_data(self, **kwargs):
        wish = wish_of(self.sharing_request, ends_at=self.change.new_ends_at)
        findings = findings_for_request(context_of(wish, now=self.now))
        follows = what_follows(self.sharing_request, side=Side.OWNER, until=self.change.new_ends_at)
        return super().get_context_data(
            change=self.change, findings=finding_rows(findings), follows=follows, **kwargs
        )

    def perform(self, form) -> str:
        agree = form.cleaned_data["agree"] == "yes"
        changes.answer_extension(
            change=self.change,
            agree=agree,
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            now=self.now,
        )
        words = _("Agreed to the new end.") if agree else _("The present end stays.")
        self.succeeded(words)
        return reverse("scheduling:inbox", args=[self.institution.slug])
