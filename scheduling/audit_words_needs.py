"""Words for what needs write into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, number_of, one_of, register
from scheduling.models import Need
from scheduling.states import Priority


def _changed(names) -> str:
    """'from, until, quantity': the columns of a need in words."""
    return str(_(", ")).join(str(Need._meta.get_field(name).verbose_name) for name in names)


register(
    Area(
        code="need",
        label=_("Needs"),
        actions={
            "posted": _("Need posted"),
            "amended": _("Need amended"),
            "withdrawn": _("Need withdrawn"),
            "answered": _("Answered that we can help"),
            "asked": _("Asked for it"),
            "taken_back": _("Answer to a need taken back"),
            "met": _("Need met"),
            "expired": _("Need not met"),
        },
        facts={
            "what": Fact(label=_("What")),
            "priority": Fact(label=_("Urgency"), show=one_of(Priority.choices)),
            "quantity": Fact(label=_("Quantity"), show=number_of),
            "with": Fact(label=_("With")),
            "given": Fact(label=_("Request")),
            "changed": Fact(label=_("Changed"), show=_changed, pairs=False),
        },
    )
)
