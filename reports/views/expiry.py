"""The near-expiry board with its value: what is at risk, what was saved, what expired."""

from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.charts import Bar, Line, bars, line_chart
from reports.forms.figures import DistrictForm, PlainForm
from reports.kpi_words import number_words, part_words, value_words
from reports.kpis import Unit, amount, ratio
from reports.queries import near_expiry
from reports.queries.districts import districts, institutions_of
from reports.queries.near_expiry import Past
from reports.views.city_figures import headline
from reports.views.figures import FiguresPage, axis, piece_words

WIDEST = 180


class ExpiryPage(FiguresPage):
    """Base: ``found(form)`` gives the past, ``buckets`` what is at risk now, ``rows`` by whom."""

    template_name = "reports/figures/expiry.html"
    form_class = PlainForm

    @property
    def today(self):
        return timezone.localdate(self.now)

    def shown(self, form, past: Past, buckets: list, board_url: str) -> dict:
        money = past.currency
        return {
            "cards": self._cards(past, buckets, board_url),
            "buckets": _bucket_bars(buckets, money, board_url),
            "shares": [_bucket_row(bucket, money) for bucket in buckets],
            "trend": _trend(form.chosen, past),
            "currency": money,
        }

    def _cards(self, past: Past, buckets, board_url: str) -> list[dict]:
        money, now, before = past.currency, past.now, past.before
        value = sum((bucket.value for bucket in buckets), Decimal())
        stock = sum((bucket.stock for bucket in buckets), Decimal())
        saved = self.rows_behind(kind="medicine", outcome="filled")
        return [
            {
                "code": "waste_avoided",
                "name": _("At risk now"),
                "value": value_words(value, Unit.MONEY, money),
                "numerator": _("What will be left of lots on their last day of use"),
                "denominator": _("Stock that ends within %(days)s days") % {"days": WIDEST},
                "parts": f"{part_words(value)} ÷ {part_words(stock)}",
                "url": board_url,
            },
            headline(
                "waste_avoided",
                amount(past.saved(now), Unit.MONEY),
                before and amount(past.saved(before), Unit.MONEY),
                money,
            )
            | {"url": saved},
            headline(
                "packs_rescued",
                amount(now.packs_rescued, Unit.COUNT),
                before and amount(before.packs_rescued, Unit.COUNT),
            )
            | {"url": saved},
            _expired(past),
        ]


def _expired(past: Past) -> dict:
    """Beside what was saved: of all that was near its end and is decided now."""
    saved, gone = past.saved(past.now), past.expired(past.now)
    part = ratio(gone, saved + gone)
    return {
        "code": "expiry_loss",
        "name": _("Expired in the period"),
        "value": value_words(gone, Unit.MONEY, past.currency),
        "numerator": _("Expired"),
        "denominator": _("Expired and saved"),
        "parts": value_words(part.value, part.unit),
        "url": "#trend",
    }


class OwnExpiry(ExpiryPage):
    permission = Permission.VIEW

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    def rows_behind(self, **changes) -> str:
        return f"{reverse('reports:uses', args=[self.institution.slug])}?{self.query(**changes)}"

    def figures(self, form) -> dict:
        board = near_expiry.at_risk_now(self.institution, today=self.today)
        past = near_expiry.of_institution(self.institution, form.chosen, form.compared)
        address = reverse("resources:medicine-at-risk", args=[self.institution.slug])
        return self.shown(form, past, board.buckets, f"{address}?within={WIDEST}") | {
            "lots": [
                _lot(at_risk, lot, self.institution.slug)
                for at_risk, lot in near_expiry.dearest(board, self.institution)
            ],
            "board_url": address,
        }


def _lot(at_risk, lot, slug: str) -> dict:
    return {
        "name": lot.resource.name,
        "under": lot.lot_no,
        "url": reverse("resources:resource-detail", args=[slug, lot.pk]),
        "expiry": describe_date(at_risk.expiry_date),
        "on_hand": number_words(at_risk.on_hand),
        "left": number_words(at_risk.left, 1),
        "value": value_words(at_risk.value, Unit.MONEY, lot.currency),
    }


class CityExpiry(ExpiryPage):
    """Sums of institutions; behind them are lots without their numbers."""

    permission = Permission.CITY_VIEW
    form_class = DistrictForm

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def form_options(self) -> dict:
        return {"districts": districts()}

    def rows_behind(self, **changes) -> str:
        return f"{reverse('city:uses')}?{self.query(**changes)}"

    def figures(self, form) -> dict:
        district = form.cleaned_data["district"]
        inside = institutions_of(district) if district else None
        houses = {
            row.pk: row
            for row in Institution.objects.directory()
            if inside is None or row.pk in inside
        }
        by_house, all_of_them = near_expiry.at_risk_in_city(houses, today=self.today)
        past = near_expiry.of_city(form.chosen, form.compared, inside)
        rows = [self._house(houses[key], of, past) for key, of in by_house.items()]
        rows += [
            self._house(houses[key], [], past)
            for key in past.by_institution
            if key in houses and key not in by_house
        ]
        rows.sort(key=lambda row: (-row["order"], row["name"]))
        return self.shown(form, past, all_of_them, self._lots()) | {"houses": rows}

    def _lots(self, **whose) -> str:
        """The lots behind a number."""
        district = self.form.cleaned_data["district"]
        query = {"within": WIDEST} | ({"district": district} if district else {}) | whose
        return f"{reverse('city:lots-at-risk')}?{urlencode(query)}"

    def _lots_link(self, institution, number: int):
        if not number:
            return number_words(number)
        address = self._lots(institution=institution.pk)
        return format_html('<a href="{}">{}</a>', address, number_words(number))

    def _house(self, institution, buckets, past: Past) -> dict:
        sums = past.by_institution.get(institution.pk)
        value = sum((bucket.value for bucket in buckets), Decimal())
        money = past.currency
        query = self.query(district="", kind="medicine")
        return {
            "name": institution.name,
            "url": f"{reverse('city:scorecard', args=[institution.pk])}?{query}",
            "order": value,
            "lots": self._lots_link(institution, sum(bucket.lots for bucket in buckets)),
            "soon": value_words(buckets[0].value if buckets else 0, Unit.MONEY, money),
            "value": value_words(value, Unit.MONEY, money),
            "saved": value_words(past.saved(sums) if sums else 0, Unit.MONEY, money),
            "expired": value_words(past.expired(sums) if sums else 0, Unit.MONEY, money),
        }


def _words_of(bucket) -> str:
    return _("%(first)s to %(last)s days") % {"first": bucket.first, "last": bucket.last}


def _bucket_bars(buckets, currency: str, url: str):
    return bars(
        title=_("Value that will be left when it expires"),
        rows=[Bar(_words_of(bucket), float(bucket.value), url=url) for bucket in buckets],
        words=lambda value: value_words(value, Unit.MONEY, currency),
        columns=(_("Expires within"), _("Value at risk")),
    )


def _bucket_row(bucket, currency: str) -> dict:
    share = ratio(bucket.value, bucket.stock)
    return {
        "name": _words_of(bucket),
        "under": _("until %(day)s") % {"day": describe_date(bucket.until)},
        "lots": number_words(bucket.lots),
        "value": value_words(bucket.value, Unit.MONEY, currency),
        "stock": value_words(bucket.stock, Unit.MONEY, currency),
        "share": value_words(share.value, share.unit),
    }


def _trend(period, past: Past):
    pieces = list(period.pieces())
    found = [past.pieces.get(piece) for piece in pieces]
    return line_chart(
        title=_("Saved and expired"),
        labels=[piece_words(piece, period.step) for piece in pieces],
        lines=[
            Line(_("saved"), [float(past.saved(s)) if s else 0.0 for s in found], ours=True),
            Line(_("expired"), [float(past.expired(s)) if s else 0.0 for s in found]),
        ],
        words=lambda value: value_words(value, Unit.MONEY, past.currency),
        head=_("Period"),
        steps=axis(pieces, period.step),
    )
