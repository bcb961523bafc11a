"""Several decisions at once: what is ticked, the reasons for its warnings, why it is declined."""

from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling.actions.batches import MOST
from scheduling.forms.decisions import message_field
from scheduling.kinds import kinds
from scheduling.states import DeclineReason

APPROVE, DECLINE = "approve", "decline"
LONGEST = 12  # digits of a number that a column holds
TICK_ONE = _("Tick at least one request.")
NOT_WAITING = _("A ticked request is no longer waiting.")
LOOK_AT_RIVALS = _("Others ask for the same: see whom you would decline, then approve again.")
RIVALS = "rivals_"
TOO_MANY = _("At most %(most)s requests at once.")


def ticks(values: Collection[str]) -> dict[int, int | None]:
    """Key → version of the ticked rows, each sent as "12.3"; what is no number is left out."""
    found = {}
    for value in values:
        pk, _dot, version = value.partition(".")
        if _is_number(pk) and (not version or _is_number(version)):
            found[int(pk)] = int(version) if version else None
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST


def rivals_of(task) -> str:
    """Who competes with it, as the form sends it along."""
    return " ".join(str(rival.pk) for rival in task.rivals)


class BatchForm(forms.Form):
    """``tasks`` are those of the ticked rows that still wait: each of their warnings gets a field
    for its reason, and whom an approval may decline is sent along, so that nobody is declined who
    was not shown.  ``known`` are the keys of ticked rows that are ours."""

    do = forms.ChoiceField(choices=[(APPROVE, _("Approve")), (DECLINE, _("Decline"))])
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("Choose a reason")), *DeclineReason.choices],
    )
    text = message_field()

    def __init__(self, *args, ticked: Collection[str], known: Collection[int], tasks, **kwargs):
        super().__init__(*args, **kwargs)
        self.ticked, self.known = ticked, known
        ticked_kinds = {task.request.kind for task in tasks}
        if len(ticked_kinds) == 1:  # the words of their kind, where they are of one
            own = kinds[ticked_kinds.pop()].reason_choices(DeclineReason)
            self.fields["reason_code"].choices = [("", _("Choose a reason")), *own]
        self.rivals = {task.request.pk: rivals_of(task) for task in tasks if task.rivals}
        for task in tasks:
            passed = {entry["code"] for entry in task.request.accepted_findings}
            for finding in task.findings.passable:
                if finding.excepted or finding.code not in passed:
                    self.fields[_name(task.request.pk, finding.code)] = forms.CharField(
                        label=_("Why you pass this"), required=False, max_length=500
                    )

    def clean(self):
        values = super().clean()
        if len(self.ticked) > MOST:
            raise ValidationError(TOO_MANY % {"most": MOST})
        if not self.ticked:
            raise ValidationError(TICK_ONE)
        if set(ticks(self.ticked)) - set(self.known) or len(ticks(self.ticked)) < len(
            set(self.ticked)
        ):
            raise ValidationError(NOT_WAITING)
        decline, missing = values.get("do") == DECLINE, not values.get("reason_code")
        if decline and missing and "reason_code" not in self.errors:
            self.add_error("reason_code", _("This field is required."))
        if values.get("do") == APPROVE and not self._rivals_seen():
            raise ValidationError(LOOK_AT_RIVALS)
        return values

    def _rivals_seen(self) -> bool:
        return all(self.data.get(f"{RIVALS}{pk}") == seen for pk, seen in self.rivals.items())

    def accepted(self, pk: int) -> dict[str, str]:
        """Code → reason of one row."""
        prefix = _name(pk, "")
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
        }

    def reason_fields(self, pk: int) -> dict[str, forms.BoundField]:
        """Code → bound field of one row's warnings."""
        prefix = _name(pk, "")
        return {
            name.removeprefix(prefix): self[name] for name in self.fields if name.startswith(prefix)
        }


def _name(pk: int, code: str) -> str:
    return f"accepted_{pk}_{code}"
