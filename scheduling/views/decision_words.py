"""What is said of the times in the cards “Approve a part” and “Make a counter-offer”."""

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_hours
from scheduling.forms.decisions import PART
from scheduling.queries.opened import Opened

Words = list[tuple[str, str]]  # (status of the mark, words)


def times_words(found: Opened) -> tuple[Words, Words]:
    """(of the part, of the counter-offer): of the times tried, else of the suggested part."""
    tried = found.tried
    if tried is None:
        return (_possible(found, found.part) if found.part else []), []
    if tried.clashes:
        words = [("bad", finding.text) for finding in tried.findings.blocks]
    else:
        words = _possible(found, (tried.starts_at, tried.ends_at))
    return (words, []) if tried.decision == PART else ([], words)


def _possible(found: Opened, times) -> Words:
    """No clash, how much of the wish it is, and who else can still be served."""
    asked, given = found.task.length, times[1] - times[0]
    words = [("ok", _("No clash, cleaning time kept"))]
    if given < asked:
        lengths = {"part_hours": describe_hours(given), "hours": describe_hours(asked)}
        words.append(("partial", _("A gets %(part_hours)s, asked for %(hours)s") % lengths))
    for rival in found.rivals:
        if rival.letter != "A" and rival.served:
            also = _("%(letter)s can still be served") % {"letter": rival.letter}
            words.append(("info", also))
    return words
