"""Equity of sharing, for officials: how equally hours are received, over time and at what price."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.local_times import describe_date
from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.charts import Flow, Line, Part, Stack, flow_chart, line_chart, stacked_bars
from reports.forms.figures import EquityForm
from reports.kpi_words import change_of, measure_words, number_words, value_words
from reports.kpis import Unit
from reports.kpis.catalogue import KPIS
from reports.queries.equity_figures import (
    Shares,
    balances,
    gini_over_time,
    hours_received,
    hours_shown,
    rounds_with_a_price,
    shares_of,
)
from reports.queries.flows import Pair, loans_between
from reports.views.equity_parts import index_rows, lorenz_of
from reports.views.figures import FiguresPage, axis, piece_words
from scheduling.models import MatchingRun
from scheduling.views.round_figures import price_of

MOST_BALANCES = 16
CARDS = ("gini_weighted", "theil", "jain", "concentration")


class EquityPage(FiguresPage):
    permission = Permission.CITY_VIEW
    template_name = "reports/figures/equity_page.html"
    form_class = EquityForm

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def figures(self, form) -> dict:
        institutions = list(Institution.objects.directory().order_by("name_en", "pk"))
        shares = shares_of(institutions, hours_shown(hours_received(form.chosen), form.chosen))
        before = form.compared and shares_of(
            institutions, hours_shown(hours_received(form.compared), form.compared)
        )
        pieces = gini_over_time(institutions, form.chosen)
        return {
            "cards": _cards(shares, before),
            "trend": _trend(form.chosen, pieces),
            "lorenz": lorenz_of(shares),
            "indices": index_rows(shares),
            "left_out": shares.left_out,
            "received": self._received(shares),
            "sides": self._sides(institutions, balances(form.chosen)),
            **self._flows(institutions, form.chosen),
            "rounds": [_round(run) for run in rounds_with_a_price()],
        }

    def _address(self, institution) -> str:
        query = self.query(first=self.form.chosen.first, last=self.form.chosen.last, period="own")
        return f"{reverse('city:scorecard', args=[institution.pk])}?{query}"

    def _received(self, shares: Shares) -> list[dict]:
        """The rows behind the indices, the least served first."""
        rows = zip(shares.institutions, shares.hours, shares.x, strict=True)
        return [
            {
                "name": row.name,
                "url": self._address(row),
                "district": row.district or "–",
                "residents": number_words(row.service_population),
                "beds": number_words(row.beds or None),
                "hours": number_words(hours),
                "x": number_words(x, 1),
            }
            for row, hours, x in sorted(rows, key=lambda one: (one[2], one[0].pk))
        ]

    def _flows(self, institutions, period) -> dict:
        """Who lent to whom most often; each band leads to its loans."""
        found, loans, pairs = loans_between(period)
        known = {row.pk for row in institutions}
        shown = sum(pair.loans for pair in found)
        return {
            "flows": flow_chart(
                title=_("Loans of devices, from whom to whom"),
                flows=[
                    Flow(*pair.names, float(pair.loans), self._loans_of(pair, known))
                    for pair in found
                ],
                words=number_words,
                columns=(_("Owner"), _("Borrower"), _("Loans that ended")),
            ),
            "more_flows": {"loans": number_words(loans - shown), "pairs": pairs - len(found)},
        }

    def _loans_of(self, pair: Pair, known: set[int]) -> str:
        if not {pair.owner, pair.borrower} <= known:
            return ""
        chosen = self.form.chosen
        query = {
            "first": chosen.first, "last": chosen.last, "kind": "equipment", "outcome": "filled",
            "owner": pair.owner, "borrower": pair.borrower,
        }  # fmt: skip
        return f"{reverse('city:uses')}?{urlencode(query)}"

    def _sides(self, institutions, found: dict[int, tuple[float, float]]):
        moved = [(row, found[row.pk]) for row in institutions if sum(found.get(row.pk, (0, 0)))]
        moved.sort(key=lambda one: (-sum(one[1]), one[0].pk))
        return stacked_bars(
            title=_("Give and receive balance"),
            names=[
                ("chart-give", pgettext("share", "given")),
                ("chart-receive", pgettext("share", "received")),
            ],
            rows=[
                Stack(
                    row.name,
                    tuple(Part(side, value_words(side, Unit.HOURS)) for side in sides),
                    self._address(row),
                )
                for row, sides in moved[:MOST_BALANCES]
            ],
            head=_("Institution"),
        )


def _cards(shares: Shares, before: Shares | None) -> list[dict]:
    """The first value of each index: the whole, not its parts."""
    now, then = _by_code(shares), _by_code(before) if before else {}
    return [
        {
            "code": code,
            "name": KPIS[code].name,
            "says": KPIS[code].says,
            "value": measure_words(now[code]),
            "change": change_of(code, now[code], then.get(code)),
        }
        for code in CARDS
    ]


def _by_code(shares: Shares) -> dict:
    return {code: measure for code, part, measure in shares.indices() if not part}


def _trend(period, pieces: dict):
    known = [pieces[piece].value if piece in pieces else None for piece in period.pieces()]
    return line_chart(
        title=_("Gini index by residents"),
        labels=[piece_words(piece, period.step) for piece in period.pieces()],
        lines=[Line(_("The whole city"), known, ours=True)],
        words=lambda value: number_words(value, 2),
        head=_("Period"),
        steps=axis(period.pieces(), period.step),
        unknown=value_words(None, Unit.INDEX),
    )


def _round(run: MatchingRun) -> dict:
    price = price_of(run.results["compare"])
    return {
        "number": run.number,
        "url": reverse("city:round", args=[run.pk]),
        "scope": run.consortium.name if run.consortium else run.get_scope_display(),
        "day": describe_date(run.finished_at),
        "weight": number_words(run.fairness, 2),
        "headline": price.headline,
        "rows": [(words, needs.words, lowest.words) for words, needs, lowest in price.rows],
    }
