"""EQ rules at handover, return and check (domain.md 3.2, 4.2)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from resources.enums import EquipmentStatus
from resources.rules.sources import regulation
from scheduling.kinds.equipment.rules import (
    block,
    calibration_in_date,
    is_registered,
    is_sound_and_current,
    maintenance_in_date,
    safety_test_passed,
    warn,
)
from scheduling.rules.context import HandoverContext
from scheduling.rules.wording import when
from scheduling.states import Stage


def decontaminated(context: HandoverContext):
    """EQ-05: cleaned and recorded at every handover and return."""
    if context.stage == Stage.POST_CHECK:
        return
    if not context.record.decontaminated or not context.record.decontamination_record.strip():
        yield block(
            "EQ-05",
            _("No decontamination is recorded since the last use."),
            _("Clean it and enter the number or name of the record."),
            source=regulation(49),
        )


def checklist_complete(context: HandoverContext):
    """EQ-16: every item is confirmed, or a problem is reported instead."""
    missing = [code for code in context.checklist_codes if not context.record.checklist.get(code)]
    if missing and not context.record.problem:
        yield block(
            "EQ-16",
            _("%(count)s items of the checklist are not confirmed."),
            _("Confirm them or report a problem."),
            count=len(missing),
        )


def device_may_go_out(context: HandoverContext):
    """EQ-01 to EQ-04 and EQ-06 once more, at the moment it leaves."""
    if context.stage != Stage.HANDOVER:
        return
    equipment = context.sharing_request.resource.equipment
    if equipment.status not in EquipmentStatus.USABLE:
        yield block(
            "EQ-01",
            _("The device is not fit for use: %(state)s."),
            _("Report a problem and cancel, or repair it first."),
            state=EquipmentStatus(equipment.status).label,
            source=regulation(52),
        )
    for rule in (maintenance_in_date, calibration_in_date, safety_test_passed):
        for finding in rule(context):
            yield replace(finding, advice=_("Have it done and recorded before the device leaves."))
    for rule in (is_registered, is_sound_and_current):
        for finding in rule(context):
            yield replace(finding, advice=_("It must not leave: cancel, or give another unit."))


def counter_never_falls(context: HandoverContext):
    """EQ-12: a counter that went down is a mistake or another device."""
    earlier = (
        context.before.counter_reading
        if context.before
        else (context.sharing_request.resource.equipment.counter_reading)
    )
    reading = context.record.counter_reading
    if earlier is not None and reading is not None and reading < earlier:
        yield warn(
            "EQ-12",
            _("The hour counter shows %(now)s, less than %(before)s before."),
            _("Read it again and check the serial number."),
            now=reading,
            before=earlier,
        )


def accessories_complete(context: HandoverContext):
    """EQ-12: missing accessories are noted; a return with gaps opens a problem."""
    counted = context.record.accessories
    missing = sum(
        max(0, expected - int(counted.get(str(pk), 0)))
        for pk, expected in context.expected_accessories.items()
    )
    if missing and not context.record.problem:
        yield warn(
            "EQ-12",
            _("%(count)s accessories are missing."),
            _("Report it as a problem so that both sides know."),
            count=missing,
        )


def use_meets_no_maintenance(context: HandoverContext):
    """EQ-14: what is about to be logged as use was maintenance for a part of the time."""
    if context.stage == Stage.POST_CHECK and context.maintained:
        yield warn(
            "EQ-14",
            _("The use overlaps maintenance: %(period)s."),
            _("Say which of the two is right; both records stay as they are."),
            period=when(*context.maintained[0], context.resource),
            source=regulation(50),
        )


def fault_is_cleared(context: HandoverContext):
    """EQ-01: what failed in use returns to service only with the owner's word for it (§52)."""
    record = context.record
    if context.fault and not record.problem and not record.condition_note.strip():
        yield block(
            "EQ-01",
            _("The borrower reported a fault in use: it is not cleared."),
            _("Write into the remarks what was found and done, or report a problem."),
            source=regulation(52),
        )


HANDOVER_RULES = (
    decontaminated,
    checklist_complete,
    device_may_go_out,
    counter_never_falls,
    accessories_complete,
    use_meets_no_maintenance,
    fault_is_cleared,
)
