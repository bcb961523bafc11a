"""The city's view of what institutions owe each other, and its word where they disagree."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_month
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, ListPage, Page
from reports.filters import StatementFilter, chosen_month, first_day
from reports.forms.settlement import DecisionForm
from reports.models import LineDispute, Statement
from reports.settlement.actions import disputes
from reports.settlement.queries import city
from reports.settlement.queries.lines import rows_of
from reports.settlement.queries.statements import netting, with_balances
from reports.settlement.queries.waiting import disputes_with_city
from reports.settlement.states import DisputeState
from reports.tables.statements import CityStatementTable, state_badge
from reports.views.dispute_words import crumbs_of, figures
from reports.views.disputes import SIDES
from reports.views.statements import StatementFile


class CityStatements(ListPage):
    """Balances of a month (the last one if none is chosen), then every statement."""

    permission = Permission.CITY_VIEW
    template_name = "reports/statements/city.html"
    table_class = CityStatementTable
    filterset_class = StatementFilter
    title = gettext_lazy("Statements")

    def get_queryset(self):
        rows = with_balances(Statement.objects.in_city_view())
        return rows.order_by("-month", "first", "second", "currency", "pk")

    def get_table_kwargs(self):
        return {"address": reverse("city:statement-list")}

    def get_context_data(self, **kwargs):
        chosen = chosen_month(self.filterset)
        month = first_day(chosen) if chosen else city.latest_month()
        return super().get_context_data(
            balances=city.balances(month) if month else [],
            balance_month=describe_month(month) if month else "",
            month=f"{month:%Y-%m}" if month else "",
            export_url=reverse("city:balances-export"),
            waiting=disputes_with_city().select_related(*SIDES),
            **kwargs,
        )


class OfCityStatement(AtInstitution):
    permission = Permission.CITY_VIEW

    @cached_property
    def statement(self) -> Statement:
        rows = with_balances(Statement.objects.in_city_view())
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def statement_url(self) -> str:
        return reverse("city:statement", args=[self.statement.pk])


class CityStatement(OfCityStatement, Page):
    template_name = "reports/statements/statement.html"

    def get_context_data(self, **kwargs):
        statement = self.statement
        return super().get_context_data(
            statement=statement,
            month=describe_month(statement.month),
            badge=state_badge(statement),
            other=statement.second,
            netting=netting(statement, statement.first),
            rows=rows_of(statement),
            may_dispute=False,
            export_url=reverse("city:statement-export", args=[statement.pk]),
            **kwargs,
        )


class CityStatementExport(StatementFile, OfCityStatement, Page):
    pass


class OfCityDispute(AtInstitution):
    """Mixin: any dispute of the city."""

    @cached_property
    def dispute(self) -> LineDispute:
        rows = LineDispute.objects.in_city_view().select_related(*SIDES)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        row = self.dispute
        currency = row.line.statement.currency
        return super().get_context_data(
            dispute=row,
            line=row.line,
            before=figures(row.line, row, currency, "before_"),
            after=figures(row.line, row, currency, "after_"),
            crumbs=crumbs_of(row.line.statement, None),
            **kwargs,
        )


class CityDispute(OfCityDispute, Page):
    """Who may decide finds the form here while the city is asked."""

    permission = Permission.CITY_VIEW
    template_name = "reports/statements/city_dispute.html"

    def get_context_data(self, **kwargs):
        waits = self.dispute.state == DisputeState.WITH_CITY
        decides = waits and self.may(Permission.DECIDE_DISPUTE)
        return super().get_context_data(
            form=DecisionForm() if decides else None,
            decide_url=reverse("city:dispute-decide", args=[self.dispute.pk]),
            **kwargs,
        )


class CityDecision(OfCityDispute, ActionPage):
    permission = Permission.DECIDE_DISPUTE
    form_class = DecisionForm
    template_name = "reports/statements/city_decision.html"
    title = gettext_lazy("Decide about a line")
    submit_label = gettext_lazy("Decide")

    def perform(self, form) -> str:
        disputes.decide(
            dispute=self.dispute,
            uphold=form.cleaned_data["uphold"] == "yes",
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Decided; both sides have been told."))
        return reverse("city:dispute", args=[self.dispute.pk])
