"""The numbers of a reason in words: by how much a rule is missed, and what outweighed a need."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.local_times import describe_duration

IN_DAYS = frozenset({"life", "arrival"})
# By how much the rule would have to give way for the offer that comes nearest.
ENOUGH = {
    "travel": gettext_lazy("For the closest, %(amount)s more of travel is enough."),
    "cold_reach": gettext_lazy("For the closest, %(amount)s longer in the cold is enough."),
    "life": gettext_lazy("For the closest, %(amount)s less of life left is enough."),
    "arrival": gettext_lazy("For the closest, %(amount)s less at arrival is enough."),
    "window": gettext_lazy("For the closest, %(amount)s more of offered hours are enough."),
    "available": gettext_lazy("For the closest, %(amount)s more of offered hours are enough."),
    "rest": gettext_lazy("The closest lacks %(amount)s of rest."),
    "weekly_hours": gettext_lazy("The closest would be %(amount)s over the weekly hours."),
}
OF_OTHER_WORK = frozenset({"rest", "weekly_hours"})  # a hospital hears of the rule, no more
# Where the next best offer would have been worse.
LOST_AT = {
    "urgent": gettext_lazy("at urgent needs: one of them would get less."),
    "served": gettext_lazy("at the number of needs served: one would get less."),
    "waste": gettext_lazy("at waste: less would be saved from expiry."),
    "stability": gettext_lazy("at stability: this one had been proposed before."),
    "travel": gettext_lazy("at distance: it is no nearer."),
}


def enough(relax: dict, *, of_city: bool) -> str:
    """How small the smallest relaxation is; nothing where the rule is yes or no."""
    code, amount = relax["code"], relax.get("amount")
    if not amount or code not in ENOUGH or (code in OF_OTHER_WORK and not of_city):
        return ""
    return str(ENOUGH[code]) % {"amount": _amount(code, amount)}


def _amount(code: str, amount: int) -> str:
    if code in IN_DAYS:
        return ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}
    hours, minutes = divmod(amount, 60)
    if amount < 24 * 60 and hours and minutes:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return describe_duration(timedelta(minutes=amount))


def weighed(data: dict) -> str:
    """What the closest offer brings where it is, against what it would bring here."""
    price, worth = data.get("price"), data.get("worth")
    if not price or not worth:
        return ""
    words = _("Weighed by urgency it brings %(price)s there and would bring %(worth)s here.")
    said = words % {"price": f"{price:.3g}", "worth": f"{worth:.3g}"}
    return said if price > worth else f"{said} {_('The other aims decided.')}"


def next_best(row_why: dict) -> str:
    """The next best alternative, and the tier at which it lost."""
    minutes, lost_at = row_why.get("next") or (None, "")
    if minutes is None:
        return ""
    if lost_at not in LOST_AT:
        return _("The next best, %(minutes)s min away, would do as well.") % {"minutes": minutes}
    words = _("The next best, %(minutes)s min away, lost %(where)s")
    return words % {"minutes": minutes, "where": LOST_AT[lost_at]}
