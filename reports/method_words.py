"""What each method of the forecast does, for whoever reads what it foretells."""

from django.utils.translation import gettext_lazy as _

# By the name of the method, which is stored; numbers behind it set how fast it follows.
METHODS = {
    "naive": _("as it was last"),
    "seasonal naive": _("as a week ago"),
    "seasonal level": _("the recent level, and what the weekday or hour usually differs from it"),
    "seasonal median": _("what this weekday or hour usually was"),
    "Croston SBA": _("how much is needed when it is, and how often that is"),
    "TSB": _("how much is needed when it is, and the chance of that lately"),
    "calendar": _("the recent level, the weekday, the time of the year, and days off"),
}


def words_of(method: str) -> str:
    return str(METHODS.get(method.rstrip(".0123456789 "), method))
