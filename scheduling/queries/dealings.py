"""How two institutions dealt with each other in a year, in words: on a request's page and in the
history beside a decision."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.queries.changes_count import ChangeCounts, with_each_other

YEAR = timedelta(days=365)


def dealings(here, other, *, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """(direction, lines) of what changed after it was agreed; empty where nothing did."""
    lent, borrowed = with_each_other(here, other, since=now - YEAR, now=now)
    found = [(_("We lent to them"), lent), (_("They lent to us"), borrowed)]
    return [(words, lines_of(counts)) for words, counts in found if not counts.nothing]


def lines_of(counts: ChangeCounts) -> list[tuple[str, str]]:
    """(name, numbers in words) of what happened at all."""
    recalls = counts.recalls_kept + counts.recalls_short
    lines = []
    if recalls or counts.called_off_short:
        words = _("%(kept)s with the promised notice, %(short)s with less")
        short = counts.recalls_short + counts.called_off_short
        lines.append(
            (_("Recalled or called off"), words % {"kept": counts.recalls_kept, "short": short})
        )
    if counts.taken_back:
        lines.append((_("Packs or access taken back"), str(counts.taken_back)))
    if counts.stopped:
        lines.append((_("On hold after a recall of the lot"), str(counts.stopped)))
    if counts.extensions:
        words = _("%(asked)s asked: %(agreed)s agreed, %(refused)s refused, %(lapsed)s unanswered")
        numbers = {
            "asked": counts.extensions,
            "agreed": counts.agreed,
            "refused": counts.refused,
            "lapsed": counts.lapsed,
        }
        said = words % numbers
        if counts.overtaken:
            said += _(", %(n)s settled by an earlier end") % {"n": counts.overtaken}
        lines.append((_("More time"), said))
    if counts.late_returns:
        words = ngettext(
            "%(n)s late return, %(hours)s h in all",
            "%(n)s late returns, %(hours)s h in all",
            counts.late_returns,
        )
        numbers = {"n": counts.late_returns, "hours": f"{counts.overdue_hours:g}"}
        lines.append((_("Overdue"), words % numbers))
    return lines
