"""Staff in the workflow: invited, booked, checked in, timesheet signed, hours confirmed."""

from django.utils.translation import gettext_lazy as _

from scheduling.kinds import WorkflowKind, register
from scheduling.kinds.staff import guarantees  # noqa: F401 – declares them
from scheduling.states import State

STAFF = register(
    WorkflowKind(
        code="staff",
        find_page="",
        state_labels={
            State.REQUESTED.value: _("Invited"),
            State.APPROVED.value: _("Booked"),
            State.UNDERWAY.value: _("At work"),
            State.FINISHED.value: _("Timesheet signed"),
            State.CLOSED.value: _("Hours confirmed"),
            State.NO_SHOW.value: _("Did not come"),
        },
    ),
)
