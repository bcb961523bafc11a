"""Words for what matching rounds write into the audit trail."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import Area, Fact, number_of, one_of, register
from medshare_portal.bilingual import name_in
from resources.kinds import kinds
from scheduling.round_states import RoundCause, RoundDecline, RoundScope


def _kinds(codes) -> str:
    return str(_(", ")).join(str(kinds[code].label) for code in codes)


register(
    Area(
        code="round",
        label=_("Matching rounds"),
        actions={
            "ordered": _("Matching round ordered"),
            "renewed": _("Matching round brought up to date"),
            "kept": _("Matching round kept up to date from now on"),
            "let_be": _("Matching round no longer kept up to date"),
            "stopped": _("Matching round stopped"),
            "pinned": _("Proposal pinned"),
            "unpinned": _("Proposal no longer pinned"),
            "struck": _("Proposal struck"),
            "restored": _("Struck proposal restored"),
            "published": _("Matching round published"),
        },
        facts={
            "scope": Fact(label=_("Scope"), show=one_of(RoundScope.choices)),
            "consortium": Fact(label=_("Consortium"), show=name_in),
            "run_by": Fact(label=_("Run by"), show=name_in),
            "cause": Fact(label=_("Why"), show=one_of(RoundCause.choices)),
            "kinds": Fact(label=_("Kinds"), show=_kinds, pairs=False),
            "proposal": Fact(label=_("Proposal")),
            "what": Fact(label=_("What")),
            "reason": Fact(label=_("Reason")),
            "number": Fact(label=_("Proposals"), show=number_of),
        },
    )
)
register(
    Area(
        code="proposal",
        label=_("Proposals of matching rounds"),
        actions={
            "accepted": _("Proposal accepted"),
            "declined": _("Proposal declined"),
        },
        facts={
            "what": Fact(label=_("What")),
            "request": Fact(label=_("Request")),
            "reason": Fact(label=_("Reason"), show=one_of(RoundDecline.choices)),
        },
    )
)
