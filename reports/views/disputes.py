"""Disputes about lines of our statements: raise, answer, withdraw, ask the city."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, Page
from reports.forms.settlement import AnswerForm, DisputeForm
from reports.models import LineDispute, StatementLine
from reports.settlement.actions import disputes
from reports.settlement.queries.figures import figures_of
from reports.settlement.states import DisputeState, LineSort
from reports.views.dispute_words import crumbs_of, figures

SIDES = ("line__statement__first", "line__statement__second", "line__creditor", "line__debtor")
PEOPLE = ("raised_by", "answered_by", "city_asked_by", "decided_by")


class LineDisputed(ActionPage):
    """One side of a line says what is right."""

    permission = Permission.SETTLE
    form_class = DisputeForm
    template_name = "reports/statements/dispute_form.html"
    title = gettext_lazy("Dispute a line")
    submit_label = gettext_lazy("Send the dispute")

    @cached_property
    def line(self) -> StatementLine:
        rows = StatementLine.objects.concerning(self.institution).select_related(
            "statement__first", "statement__second", "creditor", "debtor"
        )
        return get_object_or_404(rows.filter(sort=LineSort.SHARE), pk=self.kwargs["pk"])

    @cached_property
    def now_stands(self):
        """What the line stands at now."""
        return figures_of(
            self.line, LineDispute.objects.of(self.line.statement).filter(line=self.line)
        )

    @property
    def currency(self) -> str:
        return self.line.statement.currency

    def get(self, request, *args, **kwargs):
        """No form is shown that could only be refused."""
        if not disputes.can_be_disputed(self.line.statement, self.now):
            messages.warning(request, disputes.TooLate.message)
            return HttpResponseRedirect(self.statement_url)
        return super().get(request, *args, **kwargs)

    @property
    def statement_url(self) -> str:
        return crumbs_of(self.line.statement, self.institution)[-1]["url"]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"line": self.line, "currency": self.currency}

    def get_initial(self):
        quantity = self.now_stands.quantity
        whole = quantity == int(quantity)
        return {"quantity": int(quantity) if whole else quantity, "price": self.now_stands.price}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            line=self.line,
            now_stands=figures(self.line, self.now_stands, self.currency),
            crumbs=crumbs_of(self.line.statement, self.institution),
            cancel_url=self.statement_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        made = disputes.dispute(
            line=self.line,
            claim=disputes.Claim(**form.cleaned_data),
            institution=self.institution,
            by=self.request.user,
            now=self.now,
        )
        words = _("Disputed. %(name)s has been told.") % {"name": made.respondent.name}
        messages.success(self.request, words)
        return reverse("reports:dispute", args=[self.institution.slug, made.pk])


class OfDispute(AtInstitution):
    """Mixin: the dispute of the address; ``scope`` limits who finds it: others get 404."""

    scope = "concerning"  # both sides; or "claimed_by", "asked_of"

    @cached_property
    def dispute(self) -> LineDispute:
        rows = LineDispute.objects.concerning(self.institution)
        if self.scope != "concerning":
            rows = getattr(rows, self.scope)(self.institution)
        return get_object_or_404(rows.select_related(*SIDES, *PEOPLE), pk=self.kwargs["pk"])

    @property
    def dispute_url(self) -> str:
        return reverse("reports:dispute", args=[self.institution.slug, self.dispute.pk])

    def get_context_data(self, **kwargs):
        row = self.dispute
        currency = row.line.statement.currency
        return super().get_context_data(
            dispute=row,
            line=row.line,
            before=figures(row.line, row, currency, "before_"),
            after=figures(row.line, row, currency, "after_"),
            crumbs=crumbs_of(row.line.statement, self.institution),
            **kwargs,
        )


class DisputePage(OfDispute, Page):
    permission = Permission.READ_STATEMENTS
    template_name = "reports/statements/dispute.html"

    def get_context_data(self, **kwargs):
        row, may = self.dispute, self.may(Permission.SETTLE)
        claims = row.claimant.pk == self.institution.pk
        answers = may and not claims and row.state == DisputeState.OPEN
        at = [self.institution.slug, row.pk]
        return super().get_context_data(
            answer_form=AnswerForm() if answers else None,
            answer_url=reverse("reports:dispute-answer", args=at),
            may_withdraw=may and claims and row.state in DisputeState.UNSETTLED,
            may_ask_city=may and claims and disputes.city_can_be_asked(row, self.now),
            request_url=reverse(
                "scheduling:request-detail", args=[at[0], row.line.sharing_request_id]
            ),
            **kwargs,
        )


class DisputeStep(OfDispute, ActionPage):
    """Base of what follows a dispute."""

    permission = Permission.SETTLE
    template_name = "reports/statements/dispute_form.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.dispute_url, **kwargs)

    def common(self) -> dict:
        return {
            "dispute": self.dispute,
            "institution": self.institution,
            "by": self.request.user,
            "now": self.now,
        }

    def succeeded(self, words: str) -> str:
        messages.success(self.request, words)
        return self.dispute_url


class DisputeAnswer(DisputeStep):
    scope = "asked_of"
    form_class = AnswerForm
    title = gettext_lazy("Answer a dispute")
    submit_label = gettext_lazy("Send the answer")

    def perform(self, form) -> str:
        agree = form.cleaned_data["agree"] == "yes"
        disputes.answer(agree=agree, text=form.cleaned_data["text"], **self.common())
        return self.succeeded(
            _("Agreed: the adjustment is entered.") if agree else _("Answered: the line stays.")
        )


class DisputeWithdraw(DisputeStep):
    scope = "claimed_by"
    form_class = Form
    title = gettext_lazy("Withdraw the dispute")
    submit_label = gettext_lazy("Withdraw it")

    def perform(self, form) -> str:
        disputes.withdraw(**self.common())
        return self.succeeded(_("Withdrawn: the line stays."))


class DisputeAskCity(DisputeStep):
    scope = "claimed_by"
    form_class = Form
    title = gettext_lazy("Ask the city to decide")
    submit_label = gettext_lazy("Ask the city")

    def perform(self, form) -> str:
        disputes.ask_city(**self.common())
        return self.succeeded(_("The city has been asked to decide."))
