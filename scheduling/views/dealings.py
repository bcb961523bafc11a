"""How both sides of a request have dealt with each other in a year, on its page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.queries.changes_count import ChangeCounts, with_each_other
from scheduling.queries.opened import YEAR
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register


def panel(asked: Asked) -> dict | None:
    """What changed after it was agreed, in both directions; nothing where nothing did."""
    request = asked.sharing_request
    other = request.owner if asked.side == "borrower" else request.borrower
    here = asked.institution
    lent, borrowed = with_each_other(here, other, since=asked.now - YEAR, now=asked.now)
    found = [(_("We lent to them"), lent), (_("They lent to us"), borrowed)]
    parts = [(words, lines_of(counts)) for words, counts in found if not counts.nothing]
    return {"name": other.name, "parts": parts} if parts else None


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
    if counts.extensions:
        words = _("%(asked)s asked: %(agreed)s agreed, %(refused)s refused, %(lapsed)s unanswered")
        numbers = {
            "asked": counts.extensions,
            "agreed": counts.agreed,
            "refused": counts.refused,
            "lapsed": counts.lapsed,
        }
        lines.append((_("More time"), words % numbers))
    if counts.late_returns:
        words = ngettext(
            "%(n)s late return, %(hours)s h in all",
            "%(n)s late returns, %(hours)s h in all",
            counts.late_returns,
        )
        numbers = {"n": counts.late_returns, "hours": f"{counts.overdue_hours:g}"}
        lines.append((_("Overdue"), words % numbers))
    return lines


register(
    RequestPanel(
        name="dealings",
        template="scheduling/requests/dealings.html",
        context=panel,
        place=ASIDE,
        order=60,
    )
)
