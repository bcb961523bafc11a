"""Statements of my institution: the list, one with its lines, its file, our yes to it."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_month
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, ListPage, Page
from reports.filters import StatementFilter, chosen_month
from reports.models import Statement
from reports.settlement.actions.closing import NotInReview, accept
from reports.settlement.actions.disputes import can_be_disputed
from reports.settlement.actions.exporting import record_export
from reports.settlement.queries.lines import file_rows, rows_of
from reports.settlement.queries.statements import netting, with_balances
from reports.settlement.states import StatementState
from reports.tables.statements import StatementTable, state_badge
from reports.views.money_files import MoneyFile


class StatementList(ListPage):
    permission = Permission.READ_STATEMENTS
    template_name = "reports/statements/list.html"
    table_class = StatementTable
    filterset_class = StatementFilter
    title = gettext_lazy("Statements")

    def get_queryset(self):
        rows = Statement.objects.concerning(self.institution)
        return with_balances(rows).order_by("-month", "first", "second", "currency", "pk")

    def get_table_kwargs(self):
        address = reverse("reports:statement-list", args=[self.institution.slug])
        return {"address": address, "institution": self.institution}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        filtered = any(value for name, value in self.request.GET.items() if name != "page")
        nothing = not filtered and not context["table"].paginator.count
        return context | {
            "empty": self._nothing_yet() if nothing else None,
            "month": chosen_month(self.filterset),
            "export_url": reverse("reports:balances-export", args=[self.institution.slug]),
        }

    def _nothing_yet(self) -> dict:
        return {
            "title": _("No statement yet"),
            "text": _(
                "After the end of a month every share that was closed in it stands here, with "
                "what you are paid for it or pay."
            ),
            "url": reverse("scheduling:lending", args=[self.institution.slug]),
            "label": _("We lend"),
        }


class OfStatement(AtInstitution):
    """Mixin: the statement of the address, scoped to this side."""

    permission = Permission.READ_STATEMENTS

    @cached_property
    def statement(self) -> Statement:
        rows = Statement.objects.concerning(self.institution)
        return get_object_or_404(with_balances(rows), pk=self.kwargs["pk"])

    @property
    def statement_url(self) -> str:
        return reverse("reports:statement", args=[self.institution.slug, self.statement.pk])


class StatementPage(OfStatement, Page):
    template_name = "reports/statements/statement.html"

    def get_context_data(self, **kwargs):
        statement = self.statement
        accepts = (
            self.may(Permission.SETTLE)
            and statement.state == StatementState.REVIEW
            and not statement.open_disputes
            and not statement.accepted_by(self.institution)
        )
        return super().get_context_data(
            statement=statement,
            month=describe_month(statement.month),
            badge=state_badge(statement),
            other=statement.other(self.institution),
            netting=netting(statement, self.institution),
            rows=rows_of(statement),
            accepts=accepts,
            we_accepted=statement.accepted_by(self.institution),
            they_accepted=statement.accepted_by(statement.other(self.institution)),
            may_dispute=self.may(Permission.SETTLE) and can_be_disputed(statement, self.now),
            export_url=reverse(
                "reports:statement-export", args=[self.institution.slug, statement.pk]
            ),
            **kwargs,
        )


class StatementAccept(OfStatement, ActionPage):
    """Our yes; when theirs is there, the statement is closed."""

    permission = Permission.SETTLE
    form_class = Form
    template_name = "generic/confirm.html"
    title = gettext_lazy("Accept the statement")
    submit_label = gettext_lazy("Accept it")

    def get(self, request, *args, **kwargs):
        if self.statement.state == StatementState.REVIEW:
            return super().get(request, *args, **kwargs)
        messages.warning(request, NotInReview.message)
        return redirect(self.statement_url)

    def get_context_data(self, **kwargs):
        statement, found = self.statement, netting(self.statement, self.institution)
        return super().get_context_data(
            question=_("%(other)s, %(month)s: balance %(sum)s")
            % {
                "other": statement.other(self.institution).name,
                "month": describe_month(statement.month),
                "sum": found.net_words,
            },
            consequences=[
                _("When the other side has accepted it too, it is closed at once."),
                _("What is found later stands as an adjustment on a later statement."),
            ],
            cancel_url=self.statement_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        fresh = accept(
            statement=self.statement, institution=self.institution, by=self.request.user,
            now=self.now,
        )  # fmt: skip
        closed = fresh.state == StatementState.CLOSED
        messages.success(
            self.request,
            _("Accepted by both sides: the statement is closed.")
            if closed
            else _("Accepted. %(other)s has been told.")
            % {"other": fresh.other(self.institution).name},
        )
        return self.statement_url


class StatementFile(MoneyFile):
    """Mixin: the lines of a statement."""

    @property
    def back(self) -> str:
        return self.statement_url

    @property
    def name(self) -> str:
        statement = self.statement
        sides = f"{statement.first.slug}-{statement.second.slug}"
        return f"medshare-statement-{statement.month:%Y-%m}-{sides}-{statement.currency}"

    def check(self) -> None:
        self.statement  # noqa: B018 – 404 where it is not ours

    def record(self, file_format: str) -> None:
        record_export(
            statement=self.statement, institution=self.institution, file_format=file_format,
            by=self.request.user, now=self.now,
        )  # fmt: skip

    def lines(self):
        return file_rows(self.statement)


class StatementExport(StatementFile, OfStatement, Page):
    pass
