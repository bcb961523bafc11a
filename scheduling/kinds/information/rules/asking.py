"""INF-01 to INF-05, INF-13 and INF-14: may this be asked for and granted? (domain.md 4.5)"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Severity
from resources.enums_information import Identifiability, LegalBasis, Purpose
from resources.kinds.information.rules.sources import OWNER, data_regulations, pipl
from scheduling.kinds.information.facts import AccessWish
from scheduling.rules import generic

EVERYTHING = {"all", "everything", "any", "*", "全部", "所有", "全量", "全字段"}


def _block(code: str, message, source, *, advice="", **params) -> Finding:
    return Finding(
        code=code,
        severity=Severity.BLOCK,
        message=message,
        advice=advice,
        params=params,
        source=source,
    )


def is_offered(wish: AccessWish) -> Iterator[Finding]:
    """OFR-01: listed, with conditions to agree to."""
    if not wish.offered or wish.terms is None:
        yield _block("OFR-01", _("This is not offered at present."), OWNER)


def agrees(wish: AccessWish) -> Iterator[Finding]:
    """INF-00: each person agrees to the version in force."""
    if not wish.agreed:
        yield _block(
            "INF-00",
            _("The conditions have to be agreed to."),
            OWNER,
            advice=_("Read the agreement and tick the box."),
        )


def purpose_is_allowed(wish: AccessWish) -> Iterator[Finding]:
    """INF-01"""
    if wish.purpose_of_use not in Purpose.GRANTABLE:
        yield _block("INF-01", _("Name what it is for."), pipl("6"))
    elif wish.terms is not None and wish.purpose_of_use not in wish.terms.purposes:
        yield _block(
            "INF-01",
            _("The owner does not allow it for “%(purpose)s”."),
            OWNER,
            purpose=Purpose(wish.purpose_of_use).label,
            advice=_("Choose a purpose that the conditions allow, or talk to the owner."),
        )


def role_is_allowed(wish: AccessWish) -> Iterator[Finding]:
    """INF-01: the conditions name who may open it."""
    if wish.terms is not None and wish.recipient_role not in wish.terms.recipient_roles:
        yield _block("INF-01", _("The conditions do not allow this role to open it."), OWNER)


def basis_fits(wish: AccessWish) -> Iterator[Finding]:
    """INF-02"""
    personal = wish.asset.identifiability in Identifiability.PERSONAL
    if personal and wish.legal_basis in ("", LegalBasis.NONE_NEEDED):
        yield _block("INF-02", _("Data on persons need a legal basis."), pipl("13"))
    elif wish.terms is not None and wish.legal_basis not in wish.terms.legal_bases:
        yield _block("INF-02", _("The owner does not accept this legal basis."), OWNER)
    if wish.legal_basis == LegalBasis.CONSENT:
        yield from _consent(wish)


def _consent(wish: AccessWish) -> Iterator[Finding]:
    if not wish.consent_ref:
        yield _block("INF-02", _("Say where the consent is recorded."), pipl("23"))
    if wish.limits.separate_consent and not wish.consent_separate:
        yield _block(
            "INF-02",
            _("The consent must be separate: for this recipient and this purpose."),
            pipl("23, 29"),
        )
    if wish.consent_withdrawn:
        yield _block("INF-07", _("The consent was withdrawn."), pipl("15"))


def asks_for_no_more_than_needed(wish: AccessWish) -> Iterator[Finding]:
    """INF-03: a list of fields, never everything that identifies."""
    if wish.asset.identifiability == Identifiability.IMPERSONAL:
        return
    advice = _("List the fields that the purpose needs, and no others.")
    available = wish.asset.fields
    if not wish.scope:
        yield _block("INF-03", _("Name the fields that you need."), pipl("6"), advice=advice)
    elif any(name.strip().casefold() in EVERYTHING for name in wish.scope):
        yield _block("INF-03", _("“All” is not a list of fields."), pipl("6"), advice=advice)
    elif available and (unknown := [name for name in wish.scope if name not in available]):
        yield _block(
            "INF-03",
            _("It has no field “%(name)s”."),
            OWNER,
            name=unknown[0][:60],
            advice=advice,
        )
    elif (
        wish.asset.identifiability in Identifiability.PERSONAL
        and len(available) > 1
        and set(available) <= set(wish.scope)
    ):
        yield _block(
            "INF-03", _("That is every field: name those that you need."), pipl("6"), advice=advice
        )


def is_assessed(wish: AccessWish) -> Iterator[Finding]:
    """INF-04"""
    if wish.asset.identifiability in wish.limits.assessment_for and not wish.assessment_ref:
        yield _block(
            "INF-04",
            _("Data on identified persons need an impact assessment."),
            pipl("55–56"),
            advice=_("Enter its number; it is kept for at least three years."),
        )


def ends(wish: AccessWish) -> Iterator[Finding]:
    """INF-05: an end, not beyond what the conditions and the law of the place allow."""
    if wish.until is None:
        yield _block("INF-05", _("Say until when you need it."), pipl("19"))
        return
    if wish.until <= wish.now:
        yield _block("INF-05", _("This date is past."), pipl("19"))
    if wish.until > wish.now + timedelta(days=most_days(wish)):
        yield _block(
            "INF-05",
            _("At most %(days)s days are possible."),
            pipl("19"),
            days=most_days(wish),
            advice=_("Choose an earlier end and ask again later."),
        )


def most_days(wish: AccessWish) -> int:
    """The longest access: the conditions' and the policy pack's."""
    research = wish.purpose_of_use == Purpose.RESEARCH
    most = wish.limits.max_research_days if research else wish.limits.max_grant_days
    return min(most, wish.terms.max_days) if wish.terms is not None else most


def looks_are_few(wish: AccessWish) -> Iterator[Finding]:
    """INF-05: no more looks than the conditions allow."""
    if wish.terms is not None and not 1 <= wish.looks <= wish.terms.max_looks:
        yield _block(
            "INF-05", _("At most %(n)s looks are possible."), OWNER, n=wish.terms.max_looks
        )


def stays_in_the_country(wish: AccessWish) -> Iterator[Finding]:
    """INF-13"""
    if not wish.limits.cross_border and wish.borrower_country != wish.owner_country:
        yield _block(
            "INF-13",
            _("It would leave the country (%(owner)s to %(borrower)s)."),
            pipl("38"),
            owner=wish.owner_country,
            borrower=wish.borrower_country,
            advice=_("Providing data abroad needs a procedure of its own, outside the portal."),
        )


def has_a_contract(wish: AccessWish) -> Iterator[Finding]:
    """INF-14"""
    personal = wish.asset.identifiability in Identifiability.PERSONAL
    needed = (wish.limits.contract_always and personal) or (
        wish.terms is not None and wish.terms.contract_needed
    )
    if needed and not wish.contract_ref:
        yield _block(
            "INF-14",
            _("A contract with the owner is needed."),
            data_regulations("12"),
            advice=_("Enter its number."),
        )


RULES = (
    generic.not_ones_own,
    generic.licences_last,
    is_offered,
    agrees,
    purpose_is_allowed,
    role_is_allowed,
    basis_fits,
    asks_for_no_more_than_needed,
    is_assessed,
    ends,
    looks_are_few,
    stays_in_the_country,
    has_a_contract,
)
