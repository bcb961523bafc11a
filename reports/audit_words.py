"""Words for what settlement and the reports write into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, register
from resources.audit_words import filters

register(
    Area(
        code="statement",
        label=_("Statements"),
        actions={
            "drafted": _("Statements of a month drafted"),
            "accepted": _("Statement accepted"),
            "closed": _("Statements of a month closed"),
            "exported": _("Statement taken along as a file"),
            "balances_exported": _("Balances of a month taken along as a file"),
            "disputed": _("Line disputed"),
            "city_asked": _("City asked to decide about a line"),
            "dispute_agreed": _("Dispute agreed, adjustment entered"),
            "dispute_refused": _("Dispute refused, the line stays"),
            "dispute_withdrawn": _("Dispute withdrawn"),
            "dispute_upheld": _("Decided by the city: adjustment entered"),
            "dispute_dismissed": _("Decided by the city: the line stays"),
        },
        facts={
            "month": Fact(label=_("Month")),
            "quantity": Fact(label=_("Quantity")),
            "price": Fact(label=_("Price")),
            "amount": Fact(label=_("Amount")),
            "format": Fact(label=_("Format"), show=lambda value: value.upper()),
            "text": Fact(label=_("Reason")),
        },
    )
)
register(
    Area(
        code="figures",
        label=_("Figures"),
        actions={
            "exported": _("Figures taken along as a file"),
            "uses_exported": _("Requests behind the figures taken along as a file"),
            "limits_set": _("Limits of the alerts set"),
            "limits_left": _("Own limits of the alerts given up for the city’s"),
        },
        facts={
            "format": Fact(label=_("Format"), show=lambda value: value.upper()),
            "filters": Fact(label=_("Filters"), show=filters, pairs=False),
        },
    )
)
register(
    Area(
        code="demand",
        label=_("Unmet demand"),
        actions={"exported": _("List exported")},
        facts={
            "format": Fact(label=_("Format"), show=lambda value: value.upper()),
            "filters": Fact(label=_("Filters"), show=filters, pairs=False),
        },
    )
)
