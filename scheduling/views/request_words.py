"""What the request column says about its checks and its price."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_hours
from resources.tables import money
from scheduling.costs import cost_of
from scheduling.queries.rule_facts import Wish
from scheduling.rules import RuleContext, rules_for


def checks_passed(kind: str, findings) -> str:
    """How many rules had nothing to say; empty when all had."""
    number = len(rules_for(kind)) - len({finding.code for finding in findings})
    if number <= 0:
        return ""
    if not findings:
        words = ngettext("The %(n)s check passes", "All %(n)s checks pass", number)
    else:
        words = ngettext("%(n)s other check passes", "%(n)s other checks pass", number)
    return words % {"n": number}


def sums(wish: Wish, context: RuleContext) -> dict:
    """The price of the wish at the fee of the offer, in words."""
    offer, units = context.offer, wish.units
    fee = offer.fee_per_hour if offer else 0
    currency = offer.currency if offer else "CNY"
    words = _("Use, %(hours)s at %(fee)s")
    if units > 1:
        words = _("Use, %(hours)s × %(units)s units at %(fee)s")
    length = describe_hours(wish.ends_at - wish.starts_at)
    return {
        "use": words % {"hours": length, "units": units, "fee": money(fee, currency)},
        "total": money(cost_of(context.hours, units, fee), currency),
    }
