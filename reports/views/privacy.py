"""Privacy: looks at shared information, broken glass and its reviews, grants and refusals."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission
from reports.charts import Bar, Line, bars, line_chart
from reports.charts.small import FEWEST_PEOPLE
from reports.forms.figures import DistrictForm, PlainForm
from reports.kpi_words import number_words, value_words
from reports.kpis import Measure, Unit, information
from reports.queries import privacy
from reports.queries.districts import districts, institutions_of
from reports.queries.looks import Looks
from reports.queries.looks import looks as looks_of
from reports.queries.privacy import Glass, Grants
from reports.views.city_figures import headline
from reports.views.figures import FiguresPage, axis, piece_words
from resources.enums_information import Purpose
from scheduling.enums_information import Decision, EndReason
from scheduling.verdicts import short_words

NOT_SHOWN = Measure(None, None, None, Unit.SHARE)
FEW = f"<{FEWEST_PEOPLE}"


class PrivacyPage(FiguresPage):
    """Base: ``about`` is an institution, or None for the city."""

    template_name = "reports/figures/privacy.html"
    form_class = PlainForm
    about = None

    def inside(self, form) -> frozenset[int] | None:
        return None

    def figures(self, form) -> dict:
        inside = self.inside(form)
        rows, of_grants = privacy.scopes_of(self.about, inside)
        few = FEWEST_PEOPLE if self.about is None else 1  # its own log is read in full
        moments = privacy.moments_of(form.chosen)
        looks = looks_of(self.about, form.chosen, moments, inside)
        glass = privacy.glass(of_grants, form.chosen, now=self.now, few=few)
        grants = privacy.grants(rows, of_grants, form.chosen, form.compared, few=few)
        return {
            "few_mark": FEW if few > 1 else "",
            "cards": self._cards(looks, glass, grants),
            "trend": _trend(form.chosen, looks),
            "rules": _bars(_("Why looks were refused"), looks.by_rule, _("Rule"), _rule),
            "purposes": _bars(
                _("For what was looked"), looks.by_purpose, _("Purpose"), _label(Purpose)
            ),
            "ends": _bars(_("How grants ended"), grants.ended, _("Because"), _label(EndReason)),
            "reviews": _reviews(glass),
            "queue": [self._waiting(grant) for grant in glass.open],
            "more": glass.more,
        }

    def _cards(self, looks: Looks, glass: Glass, grants: Grants) -> list[dict]:
        reviewed = (glass.sorts["in_time"], glass.opened, glass.sorts["within_time"])
        made = [
            ("looks_refused", _of(information.looks_refused, looks.refused, looks.tried),
             None, self.log_url(decision=Decision.DENY)),
            ("break_glass", _of(information.break_glass, looks.emergency, looks.permitted),
             None, "#glass"),
            ("break_glass_reviewed", _of(information.break_glass_reviewed, *reviewed),
             None, "#glass"),
            ("grants_approved", *_both(grants, _approved), self.rows_behind(kind="information")),
            (
                "grants_denied",
                *_both(grants, _denied),
                self.rows_behind(kind="information", outcome="refused"),
            ),
        ]  # fmt: skip
        first = {
            "code": "looks",
            "name": _("Looks"),
            "value": FEW if looks.permitted is None else number_words(looks.permitted),
            "numerator": _("Looks that were let through"),
            "url": self.log_url(decision=Decision.PERMIT),
        }
        return [first, *[_card(*one) for one in made]]

    def log_url(self, **filters) -> str:
        """The looks one by one, for their owner; for officials the sums on this page."""
        return "#looks"

    def house_address(self, institution) -> str:
        """Officials read the figures of every institution, institutions their own."""
        return ""

    def _waiting(self, grant) -> dict:
        row = grant.sharing_request
        return {
            "name": row.reference,
            "url": self.address_of(row),
            "what": row.resource.name,
            "owner": row.owner.name,
            "owner_url": self.house_address(row.owner),
            "borrower": row.borrower.name,
            "borrower_url": self.house_address(row.borrower),
            "opened": describe_moment(row.submitted_at),
            "due": grant.review_due_at,
        }


def _of(make, *numbers: int | None) -> Measure | None:
    """None where one of the numbers is not shown."""
    return None if None in numbers else make(*numbers)


def _card(code: str, now: Measure | None, old: Measure | None, url: str) -> dict:
    card = headline(code, now or NOT_SHOWN, old) | {"url": url}
    return card if now else card | {"value": FEW}


def _approved(sums):
    return information.approved(sums.grants_approved, sums.grants_approved + sums.grants_denied)


def _denied(sums):
    return information.denied(sums.grants_denied, sums.grants_approved + sums.grants_denied)


def _both(grants: Grants, make) -> tuple:
    return tuple(sums and make(sums) for sums in (grants.sums, grants.before))


class OwnPrivacy(PrivacyPage):
    permission = Permission.VIEW

    @property
    def about(self):
        return self.institution

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    def rows_behind(self, **changes) -> str:
        return f"{reverse('reports:uses', args=[self.institution.slug])}?{self.query(**changes)}"

    def log_url(self, **filters) -> str:
        if not self.may(Permission.READ_AUDIT):
            return super().log_url()
        period = self.form.chosen
        query = {"first": period.first.isoformat(), "last": period.last.isoformat()} | filters
        log = reverse("scheduling:information-log", args=[self.institution.slug])
        return f"{log}?{urlencode(query)}"

    def address_of(self, row) -> str:
        return reverse("scheduling:request-detail", args=[self.institution.slug, row.pk])


class CityPrivacy(PrivacyPage):
    permission = Permission.CITY_VIEW
    form_class = DistrictForm

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def form_options(self) -> dict:
        return {"districts": districts()}

    def inside(self, form) -> frozenset[int] | None:
        district = form.cleaned_data["district"]
        return institutions_of(district) if district else None

    def rows_behind(self, **changes) -> str:
        return f"{reverse('city:uses')}?{self.query(**changes)}"

    def address_of(self, row) -> str:
        """What the sides wrote to each other is theirs: the row in the list of what is open."""
        return f"{reverse('city:bookings')}?{urlencode({'kind': row.kind, 'owner': row.owner_id})}"

    def house_address(self, institution) -> str:
        return reverse("city:scorecard", args=[institution.pk])


def _rule(code: str) -> str:
    words = short_words(code)
    return f"{words} ({code})" if words else code


def _label(choices):
    return lambda value: str(choices(value).label) if value in choices.values else value


def _bars(title: str, counts: dict[str, int], head: str, words):
    return bars(
        title=title,
        rows=[Bar(words(code), number) for code, number in counts.items()],
        words=number_words,
        columns=(head, _("Number")),
        unknown=FEW,
    )


def _reviews(glass: Glass) -> dict:
    rows = [
        Bar(_("reviewed in time"), glass.sorts["in_time"]),
        Bar(_("reviewed late"), glass.sorts["late"]),
        Bar(_("still within its time"), glass.sorts["within_time"]),
        Bar(_("overdue"), glass.sorts["overdue"]),
    ]
    return {
        "chart": bars(
            title=_("Broken glass of the period"),
            rows=rows if glass.opened != 0 else [],
            words=number_words,
            columns=(_("Review"), _("Number")),
            unknown=FEW,
        ),
        "median": value_words(glass.median_hours, Unit.HOURS),
    }


def _trend(period, looks: Looks):
    pieces = list(period.pieces())
    found = [looks.pieces.get(piece, (0, 0)) for piece in pieces]
    return line_chart(
        title=_("Looks at shared information"),
        labels=[piece_words(piece, period.step) for piece in pieces],
        lines=[
            Line(_("let through"), [yes for yes, _no in found], ours=True),
            Line(_("refused"), [no for _yes, no in found]),
        ],
        words=number_words,
        head=_("Period"),
        unknown=FEW,
        steps=axis(pieces, period.step),
    )
