"""Equipment in the workflow: booked, handed over, returned, checked."""

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from scheduling.kinds import USUAL_CHANGES, WorkflowKind, register
from scheduling.kinds.equipment.effects import on_fault, on_moved
from scheduling.kinds.equipment.handover_rules import HANDOVER_RULES
from scheduling.kinds.equipment.rules import READS, RELATED, RULES
from scheduling.states import Stage, State

CHECKLISTS = {
    Stage.HANDOVER.value: [
        ("undamaged", _("No damage to be seen")),
        ("self_test", _("Self-test passed")),
        ("accessories", _("Accessories complete")),
        ("instructions", _("Operating instructions included, users are trained")),
        ("battery", _("Battery at 80 % or more")),
    ],
    Stage.RETURN.value: [
        ("undamaged", _("No damage to be seen")),
        ("accessories", _("Accessories complete")),
        ("data_removed", _("Patient data removed from the device")),
    ],
    Stage.POST_CHECK.value: [
        ("condition", _("Condition compared with the record")),
        ("function", _("Function checked")),
        ("safe", _("Safe to use again")),
    ],
}

TOPICS = (
    (_("technical state"), {"EQ-01", "EQ-06"}),
    (_("maintenance"), {"EQ-02"}),
    (_("calibration"), {"EQ-03"}),
    (_("safety test"), {"EQ-04"}),
    (_("training"), {"EQ-07"}),
    (_("agreement and insurance"), {"EQ-10"}),
)

EQUIPMENT = register(
    WorkflowKind(
        code="equipment",
        rules=RULES,
        topics=TOPICS,
        rule_related=RELATED,
        rule_reads=READS,
        handover_rules=HANDOVER_RULES,
        state_labels={
            State.APPROVED.value: _("Booked"),
            State.UNDERWAY.value: _("In use"),
            State.FINISHED.value: _("Returned, check pending"),
            State.NO_SHOW.value: _("Not collected"),
        },
        checklists=CHECKLISTS,
        handover_form="scheduling.kinds.equipment.forms.DeviceHandoverForm",
        handover_template="scheduling/equipment/handover.html",
        note_lines=(_("Cleaned and disinfected, number of the record"), _("Hour counter")),
        record_template="scheduling/equipment/record.html",
        changes=USUAL_CHANGES | {"report_fault"},
        in_rounds="scheduling.kinds.equipment.in_rounds.EquipmentInRounds",
        check_hours=lambda: policy.current().equipment.post_check_hours,
        on_moved=on_moved,
        on_fault=on_fault,
    )
)
