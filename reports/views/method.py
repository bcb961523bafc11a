"""How the figures are made: the catalogue of figures, for whoever reads them."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.kpis import Unit
from reports.kpis.catalogue import FAMILIES, Better


class Method(Page):
    permission = Permission.VIEW
    template_name = "reports/method.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            families=FAMILIES, units=_units(), directions=_directions(), **kwargs
        )


class CityMethod(Method):
    permission = Permission.CITY_VIEW


def _units() -> dict[Unit, str]:
    return {
        Unit.SHARE: _("percent"),
        Unit.HOURS: _("hours"),
        Unit.COUNT: pgettext("of a figure", "number"),
        Unit.MONEY: _("the city’s currency"),
        Unit.INDEX: _("index"),
        Unit.KG: _("kg CO₂e"),
        Unit.EACH: _("per one"),
    }


def _directions() -> dict[Better, str]:
    return {
        Better.MORE: _("more is better"),
        Better.LESS: _("less is better"),
        Better.NEITHER: _("describes only"),
    }
