"""Words for what the demo writes into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, register

register(
    Area(
        code="demo",
        label=_("Demonstration"),
        actions={"seeded": _("Demonstration city made")},
        facts={
            "institutions": Fact(label=_("Institutions")),
            "resources": Fact(label=_("Resources")),
        },
    )
)
