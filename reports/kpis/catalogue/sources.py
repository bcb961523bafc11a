"""Where the formulas come from."""

from django.utils.translation import gettext_lazy as _

REQUIREMENT = _("Requirement of the city’s project")
IRIS = _("IRIS PI5743, utilisation of medical equipment")
HANDBOOK = _("Handbook of medical device management (医疗器械管理手册) §8.3.1")
MAINTENANCE = _("Usual practice of medical equipment maintenance")
SUPPLY = _("Usual practice of supply chains")
SPS = _("NHS Specialist Pharmacy Service, medicines waste")
PORTAL = _("Defined by this portal")
ECONOMICS = _("Usual measure of inequality")
NICE = _("NICE, greenhouse gas of medicines spending")
RECOGNITION = _("Mutual recognition of examination results (检查检验互认)")
