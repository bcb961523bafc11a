"""Whether a device may be offered at all (domain rules EQ-01, 06, 08, 09, 10)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from resources.enums import EquipmentStatus, LicensedLarge
from resources.rules.sources import MHRA, regulation


def usable(resource) -> Iterator[Finding]:
    """EQ-01: only a device that works is offered."""
    device = resource.equipment
    if device.status not in EquipmentStatus.USABLE:
        yield Finding(
            code="EQ-01",
            severity=Severity.BLOCK,
            message=_("Technical state: %(state)s."),
            advice=_("Set the technical state to “works” after the repair, then offer it."),
            params={"state": device.get_status_display()},
            source=regulation(52),
        )


def current(resource) -> Iterator[Finding]:
    """EQ-06: what is obsolete is not offered; the dates are asked of each request."""
    if resource.equipment.obsolete:
        yield Finding(
            code="EQ-06",
            severity=Severity.BLOCK,
            message=_("The device is recorded as obsolete."),
            source=regulation(55),
        )


def stays_where_it_is_licensed(resource) -> Iterator[Finding]:
    """EQ-08: licensed large, fixed and fixed radiation equipment is never lent."""
    device = resource.equipment
    bound = device.licensed_large != LicensedLarge.NONE or device.fixed
    if bound and device.loan:
        yield Finding(
            code="EQ-08",
            severity=Severity.BLOCK,
            message=_("This item can only be used at its licensed site."),
            advice=_("Allow only use at your site."),
            source=regulation(48),
        )


def may_be_shared(resource) -> Iterator[Finding]:
    """EQ-09: implants, transfusion and in-vitro categories and single-use items are not shared."""
    device = resource.equipment
    shut = policy.current().equipment.unshareable_nmpa
    if device.single_use:
        yield Finding(
            code="EQ-09",
            severity=Severity.BLOCK,
            message=_("A single-use item must not be used again."),
            source=regulation(49),
        )
    if device.nmpa_category.code in shut or not resource.category.shareable:
        yield Finding(
            code="EQ-09",
            severity=Severity.BLOCK,
            message=_("Items of the category “%(category)s” are not shared."),
            params={"category": device.nmpa_category.display},
            source=regulation(49),
        )


def has_a_mode(resource) -> Iterator[Finding]:
    """A device without a mode of sharing cannot be asked for."""
    if not resource.equipment.share_modes:
        yield Finding(
            code="EQ-00",
            severity=Severity.BLOCK,
            message=_("No way of sharing is allowed for this device."),
            advice=_("Tick loan, use at our site or service on the device's page."),
        )


def is_insured_when_lent(resource) -> Iterator[Finding]:
    """EQ-10: a loan needs an insurance or indemnity."""
    device = resource.equipment
    if device.loan and not device.indemnity_ref:
        yield Finding(
            code="EQ-10",
            severity=Severity.BLOCK,
            message=_("A loan needs an insurance or indemnity reference."),
            advice=_("Enter it on the device's page, or do not allow loans."),
            source=MHRA,
        )


RULES = (
    usable,
    current,
    stays_where_it_is_licensed,
    may_be_shared,
    has_a_mode,
    is_insured_when_lent,
)
