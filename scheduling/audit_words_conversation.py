"""Words for what conversations and notes write into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, one_of, register
from scheduling.states import Voice

register(
    Area(
        code="conversation",
        label=_("Conversations"),
        actions={
            "written": _("Message written"),
            "city_invited": _("City invited into the conversation"),
            "city_left": _("City left the conversation"),
        },
        facts={
            "side": Fact(label=_("Side"), show=one_of(Voice.choices)),
            "files": Fact(label=_("Files")),
        },
    )
)
register(
    Area(
        code="note",
        label=_("Internal notes"),
        actions={
            "written": _("Internal note written"),
            "corrected": _("Internal note corrected"),
        },
    )
)
