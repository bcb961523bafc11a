"""What the running month comes to, and balances as a file: an institution's own, the city's."""

from datetime import date

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.local_times import describe_month
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.filters import first_day, months
from reports.settlement.actions.exporting import record_balances
from reports.settlement.queries import balances, city
from reports.settlement.queries.running import running
from reports.views.money_files import MoneyFile

ROWS = 20


class RunningMonth(Page):
    """What is closed and stands on no statement yet; nothing of it is stored."""

    permission = Permission.READ_STATEMENTS
    template_name = "reports/statements/running.html"

    def get_context_data(self, **kwargs):
        found = running(self.institution, now=self.now)
        page = Paginator(found.rows, ROWS).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            running=found, month=describe_month(found.month), page=page, **kwargs
        )


class BalancesFile(MoneyFile, Page):
    """Mixin: of the month that the form names."""

    @cached_property
    def chosen(self) -> date | None:
        chosen = self.request.POST.get("month", "")
        if chosen and chosen not in {value for value, _label in months()}:
            raise BadRequest
        return first_day(chosen) if chosen else None

    @property
    def month(self) -> date | None:
        return self.chosen

    @property
    def name(self) -> str:
        whose = self.institution.slug if self.institution else "city"
        return f"medshare-balances-{whose}-{self.words or 'all'}"

    @property
    def words(self) -> str:
        return f"{self.month:%Y-%m}" if self.month else ""

    def record(self, file_format: str) -> None:
        record_balances(
            institution=self.institution, month=self.words, file_format=file_format,
            by=self.request.user, now=self.now,
        )  # fmt: skip


class OwnBalances(BalancesFile):
    permission = Permission.READ_STATEMENTS

    @property
    def back(self) -> str:
        return reverse("reports:statement-list", args=[self.institution.slug])

    def lines(self):
        return balances.of_institution(self.institution, self.month)


class CityBalances(BalancesFile):
    """Of the last month that has statements, where none is named."""

    permission = Permission.CITY_VIEW

    @property
    def back(self) -> str:
        return reverse("city:statement-list")

    @cached_property
    def month(self) -> date:
        """Raises 404 where there is none."""
        found = self.chosen or city.latest_month()
        if found is None:
            raise Http404
        return found

    def lines(self):
        return balances.of_city(self.month)
