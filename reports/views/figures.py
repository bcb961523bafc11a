"""Base of pages of figures: the period, the comparison and the kind live in the address."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import cached_property

from medshare_portal.local_times import describe_date, describe_month, month_name
from medshare_portal.views.from_replica import FromReplica
from medshare_portal.views.pages import Page
from reports.charts import Step
from reports.figure_pages import tabs_of
from reports.forms.figures import FiguresForm
from reports.kpis.catalogue import is_of
from reports.periods import Period
from reports.queries.figures import counted_days, last_day

NARROWING = ("kind", "district", "level", "category")


class FiguresPage(FromReplica, Page):
    """Subclasses give ``method_url`` and ``figures(form)``: the context where the filters hold.

    A filter that cannot be shows its error and no figures (400).
    """

    method_url = ""
    form_class = FiguresForm

    @cached_property
    def counted(self) -> date | None:
        return self._counted_days[1]

    @cached_property
    def _counted_days(self) -> tuple[date | None, date | None]:
        return counted_days()

    @cached_property
    def until(self) -> date:
        return last_day(self.counted, self.now)

    @cached_property
    def form(self) -> FiguresForm:
        form = self.form_class(self.request.GET, last=self.until, **self.form_options())
        since = self._counted_days[0]
        if form.is_valid() and form.compared and since and form.compared.first < since:
            form.compared = None  # of days that were never counted nothing is known
        return form

    def form_options(self) -> dict:
        return {}

    @property
    def tabs(self) -> list[dict]:
        """The other pages of figures of this reader."""
        return tabs_of(self)

    def get_context_data(self, **kwargs):
        valid = self.form.is_valid()
        context = super().get_context_data(
            form=self.form,
            valid=valid,
            until=describe_date(self.until),
            counted=self.counted is not None,
            period="",
            method_url=self.method_url,
            figure_tabs=self.tabs,
            **kwargs,
        )
        if not valid:
            return context
        return context | {"period": period_words(self.form.chosen)} | self.figures(self.form)

    def figures(self, form: FiguresForm) -> dict:
        raise NotImplementedError

    def render_to_response(self, context, **kwargs):
        if not context["valid"]:
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        """{name, value, change} of what says most, for the monthly mail."""
        return context.get("headlines") or context.get("cards") or []

    def has(self, code: str) -> bool:
        """Whether a figure says anything of the kind that is chosen."""
        return is_of(code, self.form.cleaned_data.get("kind", ""))

    def query(self, **changes) -> str:
        """The filters of this page, for an address that keeps them."""
        names = ("period", "first", "last", "compare", *NARROWING)
        kept = {name: self.request.GET[name] for name in names if self.request.GET.get(name)}
        return urlencode({name: value for name, value in (kept | changes).items() if value})


def period_words(period: Period) -> str:
    return f"{describe_date(period.first)} – {describe_date(period.last)}"


def axis(pieces: Iterable[date], step: str) -> list[Step]:
    """The same below a chart: months without their year where it is that of the one before."""
    if step != "month":
        words = [describe_date(piece, year=False) for piece in pieces]
        return [Step(one, one, 0) for one in words]
    return [Step(month_name(piece), month_name(piece, year=True), piece.year) for piece in pieces]


def piece_words(piece: date, step: str) -> str:
    return describe_month(piece) if step == "month" else describe_date(piece, year=False)
