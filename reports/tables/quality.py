"""What is shared, with how far its data can be trusted, and lots that are at risk."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal.local_times import describe_date, describe_moment
from medshare_portal.templatetags.ui import badge
from reports.kpi_words import number_words, value_words
from reports.kpis import Unit
from reports.tables.demand import _cell
from resources.enums import ResourceStatus
from resources.kinds import kinds
from resources.models import MedicineLot, Resource

SHARED = (ResourceStatus.LISTED, ResourceStatus.PAUSED)


def _first(label) -> dict:
    return {"td": {"scope": "row", "data-label": label}}


class QualityTable(tables.Table):
    """``institution``: whose own list it is, so that rows lead to its own pages."""

    resource = tables.Column(
        verbose_name=_("Resource"), empty_values=(), attrs=_first(_("Resource")), orderable=False
    )
    with_codes = tables.BooleanColumn(
        verbose_name=_("Codes"), attrs=_cell(_("Codes")), orderable=False
    )
    confirmed_at = tables.Column(
        verbose_name=_("Last confirmed"), empty_values=(), attrs=_cell(_("Last confirmed"))
    )

    class Meta:
        model = Resource
        fields = ()
        sequence = ("resource", "with_codes", "confirmed_at")
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("What is shared, and its data")}

    def __init__(self, *args, institution=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.institution = institution

    def render_resource(self, record):
        return self._named(record, kinds[record.kind].label, record.category.name)

    def _named(self, record, *under):
        words = " · ".join(str(word) for word in under)
        return format_html(
            '<span><span class="title">{}</span><br><span class="meta">{}</span></span>',
            self._title(record), words,
        )  # fmt: skip

    def _title(self, record):
        if self.institution is None:
            return record.name
        address = reverse("resources:resource-detail", args=[self.institution.slug, record.pk])
        return format_html('<a href="{}">{}</a>', address, record.name)

    def render_with_codes(self, value):
        if value:
            return badge("ok", pgettext_lazy("codes", "Complete"))
        return badge("warn", pgettext_lazy("codes", "Missing"))

    def render_confirmed_at(self, value):
        return describe_moment(value, year=True) if value else _("never")


class CityQualityTable(QualityTable):
    """Everybody's: of a person the profession only."""

    class Meta(QualityTable.Meta):
        """A table does not inherit it by itself."""

    def render_resource(self, record):
        return self._named(record, kinds[record.kind].label, record.institution.name)

    def _title(self, record):
        return record.category.name if kinds[record.kind].of_people else record.name


class LotsTable(tables.Table):
    """``at_risk``: lot → what will be left of it (``queries.at_risk.AtRisk``)."""

    resource = tables.Column(
        verbose_name=_("Medicine"), empty_values=(), attrs=_first(_("Medicine")), orderable=False
    )
    institution = tables.Column(
        verbose_name=_("Institution"), attrs=_cell(_("Institution")), orderable=False
    )
    expiry_date = tables.Column(verbose_name=_("Expiry"), attrs=_cell(_("Expiry")))
    days = tables.Column(
        verbose_name=_("Days left"), empty_values=(), attrs=_cell(_("Days left"), "num"),
        orderable=False,
    )  # fmt: skip
    value = tables.Column(
        verbose_name=_("Value at risk"), empty_values=(), orderable=False,
        attrs=_cell(_("Value at risk"), "num"),
    )  # fmt: skip

    class Meta:
        model = MedicineLot
        fields = ()
        sequence = ("resource", "institution", "expiry_date", "days", "value")
        empty_text = _("Nothing matches these filters.")
        attrs = {"class": "cards-on-phone", "caption": _("Lots at risk of expiry")}

    def __init__(self, *args, at_risk, **kwargs):
        super().__init__(*args, **kwargs)
        self.at_risk = at_risk

    def render_resource(self, record):
        """What is not shared keeps its name: it is of a class."""
        resource = record.resource
        if resource.status in SHARED:
            title, under = resource.name, record.strength
        else:
            title, under = resource.category.name, _("not shared")
        return format_html(
            '<span><span class="title">{}</span><br><span class="meta">{}</span></span>',
            title, under,
        )  # fmt: skip

    def render_institution(self, value):
        address = reverse("city:scorecard", args=[value.pk])
        return format_html('<a href="{}">{}</a>', address, value.name)

    def render_expiry_date(self, value):
        return describe_date(value)

    def render_days(self, record):
        return number_words(self.at_risk[record.pk].days)

    def render_value(self, record):
        return value_words(self.at_risk[record.pk].value, Unit.MONEY, record.currency)
