"""Staff hours and compliance; what rests on fewer than five people is not shown."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.charts import Line, line_chart
from reports.charts.small import FEWEST_PEOPLE
from reports.forms.figures import DistrictForm, PlainForm
from reports.kpi_words import measure_words, number_words, value_words
from reports.kpis import Measure, Unit, amount, staff
from reports.queries import staff_figures
from reports.queries.districts import districts, institutions_of
from reports.queries.scores import NOTHING, bookings
from reports.queries.staff_figures import Papers, Row, Shifts
from reports.views.city_figures import headline
from reports.views.figures import FiguresPage, axis, piece_words
from resources.models import Category, Resource

NOT_SHOWN = Measure(None, None, None, Unit.HOURS)
FEW = f"<{FEWEST_PEOPLE}"


class StaffPage(FiguresPage):
    """Base: ``own`` people are seen in full."""

    template_name = "reports/figures/staff.html"
    form_class = PlainForm
    own = False

    @property
    def today(self):
        return timezone.localdate(self.now)

    def shown(self, form, found: Shifts, papers: Papers) -> dict:
        names = {row.slug: row.name for row in Category.objects.filter(kind="staff")}
        secret = found.few and not self.own
        return {
            "cards": self._cards(found, papers, secret),
            "trend": None if secret else _trend(form.chosen, found),
            "professions": [
                _row(row, names.get(row.key, row.key)) | {"url": self.rows_behind(kind="staff")}
                for row in found.by_profession
            ],
            "few": FEWEST_PEOPLE,
            "few_mark": FEW,
        }

    def _cards(self, found: Shifts, papers: Papers, secret: bool) -> list[dict]:
        rows = self.rows_behind(kind="staff")
        few_papers = 0 < papers.people < FEWEST_PEOPLE and not self.own
        made = [
            self._lent(found, secret),
            self._borrowed(found),
            self._covered(found),
            headline(
                "overrides",
                NOT_SHOWN if secret else _overrides(found.given),
                None,
            ),
            headline(
                "credentials",
                NOT_SHOWN if few_papers else staff.credentials_in_date(papers.valid, papers.all),
                None,
            ),
        ]
        return [row | {"url": rows} for row in made]

    def _covered(self, found: Shifts) -> dict:
        now, before = _fill(found.received), found.before[1] and _fill(found.before[1])
        if found.few_asked and not self.own:
            now, before = NOT_SHOWN, None
        return headline("shift_fill", now, before) | _words_of_fill()

    def _lent(self, found: Shifts, secret: bool) -> dict:
        before = found.before[0] and amount(found.before[0].hours.confirmed, Unit.HOURS)
        now = NOT_SHOWN if secret else amount(found.given.hours.confirmed, Unit.HOURS)
        made = headline("staff_hours", now, None if secret else before)
        return made | {"name": _("Hours lent"), "parts": _people(found.people, secret)}

    def _borrowed(self, found: Shifts) -> dict:
        before = found.before[1] and amount(found.before[1].hours.confirmed, Unit.HOURS)
        now = NOT_SHOWN if found.few_guests else amount(found.received.hours.confirmed, Unit.HOURS)
        made = headline("staff_hours", now, None if found.few_guests else before)
        parts = _people(found.guests, found.few_guests)
        return made | {"name": _("Hours borrowed"), "parts": parts}


def _fill(sums) -> Measure:
    return staff.shift_fill(sums.filled, sums.due)


def _overrides(sums) -> Measure:
    """As in the list of all figures (``queries.kpis.people``)."""
    return staff.rule_overrides(sums.excepted, bookings(sums))


def _words_of_fill() -> dict:
    """The figure of the list has posted needs as well, which are of no institution yet."""
    return {
        "name": _("Requested shifts covered"),
        "numerator": _("Requests for a shift that were filled"),
        "denominator": _("Requests for a shift that were due"),
    }


def _people(number: int, secret: bool) -> str:
    return _("%(number)s people") % {"number": FEW if secret else number_words(number)}


class OwnStaff(StaffPage):
    permission = Permission.VIEW
    own = True

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    def rows_behind(self, **changes) -> str:
        return f"{reverse('reports:uses', args=[self.institution.slug])}?{self.query(**changes)}"

    def figures(self, form) -> dict:
        found = staff_figures.of_institution(self.institution, form.chosen, form.compared)
        people = Resource.objects.owned_by(self.institution).filter(status__in=("listed", "paused"))
        return self.shown(form, found, staff_figures.credentials(people, self.today))


class CityStaff(StaffPage):
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
        found = staff_figures.of_city(form.chosen, form.compared, inside)
        people = Resource.objects.in_city_view()
        if inside is not None:
            people = people.filter(institution__in=inside)
        houses = {row.pk: row for row in Institution.objects.directory()}
        return self.shown(form, found, staff_figures.credentials(people, self.today)) | {
            "houses": [
                _row(row, houses[row.key].name) | {"url": self._address(row.key)}
                for row in found.by_institution
                if row.key in houses
            ]
        }

    def _address(self, key: int) -> str:
        query = self.query(district="", kind="staff")
        return f"{reverse('city:scorecard', args=[key])}?{query}"


def _row(row: Row, name: str) -> dict:
    return {
        "name": name,
        "lent": FEW if row.secret_given else number_words(row.given.hours.confirmed),
        "lenders": FEW if row.secret_given else number_words(row.lenders),
        "borrowed": FEW if row.secret_received else number_words(row.received.hours.confirmed),
        "guests": FEW if row.secret_received else number_words(row.guests),
        "asked": FEW if row.secret_asked else number_words(row.received.due),
        "filled": FEW if row.secret_asked else number_words(row.received.filled),
        "fill": FEW if row.secret_asked else measure_words(_fill(row.received)),
    }


def _trend(period, found: Shifts):
    pieces = list(period.pieces())
    known = [found.pieces.get(piece, NOTHING) for piece in pieces]
    return line_chart(
        title=_("Hours of people lent"),
        labels=[piece_words(piece, period.step) for piece in pieces],
        lines=[Line(_("hours"), [s and s.hours.confirmed for s in known], ours=True)],
        words=lambda value: value_words(value, Unit.HOURS),
        head=_("Period"),
        steps=axis(pieces, period.step),
        unknown=FEW,
    )
