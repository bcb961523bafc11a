"""Words for what is written about staff into the audit trail; people are named by badge."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, day, moment, one_of, register

PAPERS = [
    ("credential", _("Credential")),
    ("practicebasis", _("Practice basis")),
    ("indemnity", _("Indemnity")),
]

register(
    Area(
        code="staff",
        label=_("Papers of staff"),
        actions={
            "paper_added": _("Paper entered"),
            "paper_removed": _("Paper removed"),
        },
        facts={
            "paper": Fact(label=_("Paper"), show=one_of(PAPERS)),
            "valid_until": Fact(label=_("Valid until"), show=day),
        },
    )
)

register(
    Area(
        code="shift",
        label=_("Shifts of staff"),
        actions={
            "added": _("Shift entered"),
            "removed": _("Shift removed"),
            "imported": _("Shifts imported"),
        },
        facts={
            "starts_at": Fact(label=_("From"), show=moment),
            "new": Fact(label=_("New")),
            "updated": Fact(label=_("Brought up to date")),
            "removed": Fact(label=_("Removed")),
        },
    )
)
