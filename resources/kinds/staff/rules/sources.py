"""The laws behind the STF rules, as findings name them; context, no verbatim quotation."""

from django.utils.translation import gettext_lazy as _

PHYSICIANS_AND_NURSES = _("Physicians Law §13–14; Nurses Regulations §8–10")
SCOPE = _("Physicians Law §14; Regulations on Medical Institutions §18")
BASIS = _("Physicians Law §15 and §18; Nurses Regulations §9")
CONSENT = _("Physicians Law §15")
INDEMNITY = _("Agreement of the institutions on indemnity")
OVERTIME = _("Labour Law §36 and §41")
WEEK = _("Labour Law §36; Directive 2003/88/EC art. 6")
WEEKLY_REST = _("Labour Law §38; Directive 2003/88/EC art. 5")
DAILY_REST = _("Directive 2003/88/EC art. 3")
BREAKS = _("Directive 2003/88/EC art. 4 and 8")
GOVERNANCE = _("Rules of the city for lending staff")
