"""Looks as their page tells them: each word is translated once a page, not once a line."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from medshare_portal.roles import Role
from scheduling.models import AccessEvent

WORDED = ("action", "purpose", "decision")


def in_words(events: Iterable[AccessEvent]) -> list[AccessEvent]:
    """The same events with ``action_words``, ``purpose_words``, ``decision_words``, ``role_words``.

    ``get_purpose_display`` builds the table of all choices anew at each call: over fifty lines that
    was half of what the page cost.
    """
    words = {name: _words_of(name) for name in WORDED}
    roles, comma = {value: str(label) for value, label in Role.choices}, _(", ")
    events = list(events)
    for event in events:
        for name in WORDED:
            value = getattr(event, name)
            setattr(event, f"{name}_words", words[name].get(value, value))
        event.role_words = comma.join(
            roles.get(role, role) for role in event.actor_role.split(", ")
        )
    return events


def _words_of(name: str) -> dict[str, str]:
    choices = AccessEvent._meta.get_field(name).flatchoices
    return {value: str(label) for value, label in choices}
