"""EQ rules (domain.md 4.2): is this device fit to be shared at that time, in that way?"""

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from resources.enums import Condition, EquipmentStatus, LicensedLarge, ShareMode, TestResult
from resources.rules.sources import MHRA, regulation
from scheduling.rules.context import RuleContext


def block(code, message, advice, *, source="", **params):
    return Finding(
        code=code,
        severity=Severity.BLOCK,
        message=message,
        advice=advice,
        params=params,
        source=source,
    )


def warn(code, message, advice, *, source="", **params):
    return Finding(
        code=code,
        severity=Severity.WARN,
        message=message,
        advice=advice,
        params=params,
        source=source,
    )


def works(context: RuleContext):
    """EQ-01"""
    status = context.resource.equipment.status
    if status not in EquipmentStatus.USABLE:
        yield block(
            "EQ-01",
            _("The device is not fit for use: %(state)s."),
            _("Choose another unit."),
            state=EquipmentStatus(status).label,
            source=regulation(52),
        )


def maintenance_in_date(context: RuleContext):
    """EQ-02"""
    due = context.resource.equipment.next_pm_due
    if due is not None and due < context.last_day:
        yield block(
            "EQ-02",
            _("Maintenance due %(due)s falls before the return on %(end)s."),
            _("Return it earlier, or ask the owner to do the maintenance first."),
            due=due.isoformat(),
            end=context.last_day.isoformat(),
            source=regulation(50),
        )


def calibration_in_date(context: RuleContext):
    """EQ-03"""
    due = context.resource.equipment.calibration_due
    if due is not None and due < context.last_day:
        yield block(
            "EQ-03",
            _("Calibration due %(due)s falls before the return on %(end)s."),
            _("Return it earlier, or ask the owner to calibrate it first."),
            due=due.isoformat(),
            end=context.last_day.isoformat(),
            source=regulation(50),
        )


def safety_test_passed(context: RuleContext):
    """EQ-04"""
    equipment = context.resource.equipment
    if not equipment.mains_powered:
        return
    advice = _("The owner's biomedical engineer must test it and record the result.")
    if equipment.safety_test_result == TestResult.FAIL:
        yield block(
            "EQ-04", _("The last electrical safety test failed."), advice, source="IEC 62353"
        )
    elif equipment.last_safety_test is None or equipment.safety_test_result == TestResult.NONE:
        yield block("EQ-04", _("There is no electrical safety test."), advice, source="IEC 62353")
    elif equipment.safety_test_due is not None and equipment.safety_test_due < context.last_day:
        yield block(
            "EQ-04",
            _("The electrical safety test is due %(due)s, before the return."),
            advice,
            due=equipment.safety_test_due.isoformat(),
            source="IEC 62353",
        )


def is_registered(context: RuleContext):
    """EQ-06: registered, and the registration runs to the last day of the use."""
    equipment = context.resource.equipment
    until = equipment.registration_valid_until
    if equipment.risk_class != "I" and not equipment.registration_no:
        yield block(
            "EQ-06",
            _("The device has no registration number."),
            _("The owner must enter it in the registry."),
            source=regulation(55),
        )
    elif until is not None and until < context.last_day:
        yield block(
            "EQ-06",
            _("The device's registration ends on %(until)s, before the return on %(end)s."),
            _("Return it earlier, or choose another unit."),
            until=until.isoformat(),
            end=context.last_day.isoformat(),
            source=regulation(55),
        )


def is_sound_and_current(context: RuleContext):
    """EQ-06: neither defective nor obsolete, and within its service life (§55)."""
    resource, end = context.resource, context.last_day
    life = resource.equipment.service_life_until
    advice, law = _("Choose another unit."), regulation(55)
    if resource.condition == Condition.DEFECT:
        yield block("EQ-06", _("The device is recorded as defective."), advice, source=law)
    if resource.equipment.obsolete:
        yield block("EQ-06", _("The device is recorded as obsolete."), advice, source=law)
    if life is not None and life < end:
        yield block(
            "EQ-06",
            _("The device's service life ends on %(until)s, before the return on %(end)s."),
            _("Return it earlier, or choose another unit."),
            until=life.isoformat(),
            end=end.isoformat(),
            source=law,
        )


def operator_is_trained(context: RuleContext):
    """EQ-07: blocks a loan, warns where the owner's operator is there."""
    competency = context.resource.equipment.required_competency
    if competency is None:
        return
    valid_until = context.competencies.get(competency.pk)
    if valid_until is not None and valid_until >= context.last_day:
        return
    make = block if context.mode == ShareMode.LOAN else warn
    yield make(
        "EQ-07",
        _("Nobody at %(borrower)s holds the competency “%(competency)s” until then."),
        _("Have operators trained, or use the device at the owner's site."),
        borrower=context.borrower.name,
        competency=competency.name,
        source=regulation(48),
    )


def may_leave_its_site(context: RuleContext):
    """EQ-08; a mobile X-ray may travel, but the borrower needs a radiation permit."""
    equipment = context.resource.equipment
    if context.mode != ShareMode.LOAN:
        return
    if equipment.licensed_large != LicensedLarge.NONE or equipment.fixed:
        yield block(
            "EQ-08",
            _("This device can only be used at its licensed site."),
            _("Ask to use it on site."),
            source=regulation(48),
        )
    elif equipment.radiation:
        yield warn(
            "EQ-08",
            _("The device emits radiation: the place of use needs a radiation permit."),
            _("Name your permit in the reason."),
            source=regulation(48),
        )


def class_may_be_shared(context: RuleContext):
    """EQ-09"""
    equipment = context.resource.equipment
    if (
        equipment.single_use
        or equipment.nmpa_category.code in policy.current().equipment.unshareable_nmpa
    ):
        yield block(
            "EQ-09",
            _("Devices of this class must not be shared."),
            _("Buy or obtain it through supply instead."),
            source=regulation(49),
        )


def loan_is_agreed(context: RuleContext):
    """EQ-10: agreement of the borrower and indemnity of the owner; signatures come at handover."""
    if context.mode != ShareMode.LOAN:
        return
    if not context.agreement_accepted:
        yield block(
            "EQ-10",
            _("The loan agreement is not accepted."),
            _("Tick the agreement."),
            source=MHRA,
        )
    if not context.resource.equipment.indemnity_ref:
        yield block(
            "EQ-10",
            _("The owner has named no insurance or indemnity for loans."),
            _("Ask the owner to enter it."),
            source=MHRA,
        )


def mode_is_offered(context: RuleContext):
    """The owner allows this way of sharing."""
    if context.mode not in [mode.value for mode in context.resource.equipment.share_modes]:
        yield block(
            "OFR-07",
            _("The owner does not offer this way of sharing."),
            _("Choose another mode."),
        )


def not_overdue_elsewhere(context: RuleContext):
    """EQ-11: whoever has it now is late; the next one should know."""
    if context.currently_overdue:
        yield warn(
            "EQ-11",
            _("The device is not back yet and overdue: this time is at risk."),
            _("Have a second unit in mind."),
        )


def state_is_limited(context: RuleContext):
    """EQ-01, the mild form."""
    if context.resource.equipment.status == EquipmentStatus.DEGRADED:
        yield warn(
            "EQ-01",
            _("The device works with limits: %(note)s."),
            _("Check that it serves your purpose."),
            note=context.resource.equipment.status_note or "–",
        )


RULES = (
    works,
    state_is_limited,
    maintenance_in_date,
    calibration_in_date,
    safety_test_passed,
    is_registered,
    is_sound_and_current,
    operator_is_trained,
    may_leave_its_site,
    class_may_be_shared,
    loan_is_agreed,
    mode_is_offered,
    not_overdue_elsewhere,
)

# What these rules follow and read from a resource: a search loads no more of its candidates.
RELATED = ("equipment__required_competency", "equipment__nmpa_category")
READS = (
    "equipment__status",
    "equipment__status_note",
    "equipment__next_pm_due",
    "equipment__calibration_due",
    "equipment__mains_powered",
    "equipment__safety_test_result",
    "equipment__last_safety_test",
    "equipment__safety_test_due",
    "equipment__risk_class",
    "equipment__registration_no",
    "equipment__registration_valid_until",
    "equipment__service_life_until",
    "equipment__obsolete",
    "equipment__licensed_large",
    "equipment__fixed",
    "equipment__radiation",
    "equipment__single_use",
    "equipment__indemnity_ref",
    "equipment__on_site",
    "equipment__loan",
    "equipment__service",
    "equipment__required_competency__name_en",
    "equipment__required_competency__name_zh",
    "equipment__nmpa_category__code",
)
