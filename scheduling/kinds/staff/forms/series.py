"""Shifts of one person on several dates."""

from dataclasses import replace

from scheduling.forms.repeats import LEAVE, RepeatForm, name_of
from scheduling.forms.request import Reasons
from scheduling.kinds.staff.actions.invitations import Invitation
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.forms.need import Invited


class ShiftSeriesForm(RepeatForm, Reasons, Invited):
    """The shift itself and how it repeats, on the wall of the site at which it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.read_reasons()

    def beside(self) -> Asked:
        """What is asked, each date judged with the earlier ones that are not left out: the hours
        and the rest of one week are those of all of them together."""
        kept = [
            (use.starts_at, use.ends_at)
            for use in self.uses
            if self.data.get(name_of(use.starts_at)) != LEAVE
        ]
        return replace(self.asked(), beside=tuple(kept))

    def terms(self) -> Invitation:
        """What the action wants for every date; only after validation."""
        values = self.cleaned_data
        return Invitation(
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            asked=self.beside(),
            ward=values["ward"],
            priority=values["priority"],
            purpose=values["purpose"],
            accepted=self.accepted(),
        )
