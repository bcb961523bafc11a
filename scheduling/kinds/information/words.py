"""What each rule of information is about, in a few words.  A leaf."""

from django.utils.translation import gettext_lazy as _

FINDING_WORDS = {
    "INF-01": _("Purpose of use"),
    "INF-02": _("Legal basis"),
    "INF-03": _("More fields than needed"),
    "INF-04": _("Impact assessment missing"),
    "INF-05": _("Too long or without an end"),
    "INF-06": _("Outside the access that was given"),
    "INF-07": _("Consent withdrawn"),
    "INF-10": _("Direct identifiers"),
    "INF-11": _("Counts too small"),
    "INF-12": _("Break-glass without its reason"),
    "INF-13": _("Recipient abroad"),
    "INF-14": _("Contract missing"),
}
