"""What each rule of medicines is about, and why a transfer ends, in a few words.  A leaf."""

from django.utils.translation import gettext_lazy as _

FINDING_WORDS = {
    "MED-01": _("Expired or without a date"),
    "MED-02": _("Too few days left at arrival"),
    "MED-03": _("Close to its end"),
    "MED-04": _("A class that is not shared"),
    "MED-05": _("Two signatures on each side"),
    "MED-06": _("Hospital preparation without approval"),
    "MED-07": _("An earlier lot comes first"),
    "MED-08": _("Not used up before it expires"),
    "MED-09": _("Basis of the transfer missing"),
    "MED-10": _("Price above cost"),
    "MED-11": _("Cold chain not recorded"),
    "MED-12": _("Recalled, or recalls not checked"),
    "MED-13": _("Not released or not sealed"),
    "MED-14": _("Another lot than was shipped"),
    "MED-15": _("The count does not add up"),
    "MED-16": _("Record incomplete"),
    "MED-18": _("Passed on a second time"),
}
# Why one is declined or cancelled, where a loan's words do not fit.
REASONS = {
    "own_need": _("The sender needs the packs"),
    "other_won": _("Given to another hospital"),
    "unsuitable": _("Another medicine, strength or pack is needed"),
    "not_ready": _("Not released, or its papers are missing"),
    "defect": _("Recalled by the maker, or in quarantine"),
    "recalled": _("Taken back by the sender"),
}
