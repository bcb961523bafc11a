"""What each rule of staff is about, and why a shift ends, in a few words.  A leaf."""

from django.utils.translation import gettext_lazy as _

FINDING_WORDS = {
    "STF-01": _("Licence"),
    "STF-02": _("Specialty"),
    "STF-03": _("Basis to practise"),
    "STF-05": _("Indemnity"),
    "STF-06": _("Overlaps another shift"),
    "STF-07": _("Too many hours in a day"),
    "STF-08": _("Too many hours a week"),
    "STF-09": _("Too much overtime in the month"),
    "STF-10": _("Too little rest in the week"),
    "STF-11": _("Too little rest in the day"),
    "STF-12": _("Break or night work"),
    "STF-13": _("Skill or health clearance"),
    "STF-14": _("Lent a great deal"),
}
# What the checks are about, for the sentence that says what passed.
TOPICS = (
    (_("scope and basis to practise"), {"STF-01", "STF-02", "STF-03"}),
    (_("indemnity"), {"STF-05"}),
    (_("skills and health"), {"STF-13"}),
    (_("hours and rest"), {"STF-06", "STF-07", "STF-08", "STF-09", "STF-10", "STF-11", "STF-12"}),
)
# Why one is declined or cancelled, where a loan's words do not fit.
REASONS = {
    "own_need": _("The home employer needs the person"),
    "other_won": _("Booked for another shift"),
    "unsuitable": _("Does not fit the shift"),
    "not_ready": _("Ill or not available"),
    "defect": _("Ill or unable to work"),
    "recalled": _("Called back by the home employer"),
}
