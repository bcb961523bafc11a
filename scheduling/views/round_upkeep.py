"""Whether a round is kept up to date, in words, and where that is changed."""

from collections.abc import Callable

from scheduling.models import MatchingRun
from scheduling.queries.rounds.current import upkeep_of
from scheduling.round_states import RoundState


def upkeep_for(run: MatchingRun, address: Callable) -> dict:
    """Context of ``scheduling/rounds/upkeep.html``; ``address(name, *args)``.  One statement."""
    found = upkeep_of(run)
    newest, coming = found.newest, found.under_way
    is_newest = found.is_newest(run)
    return {
        "is_kept": found.is_kept,
        "since": found.since,
        "cause": newest.get_cause_display(),
        "newer": None if is_newest else (newest, address("round", newest.pk)),
        "coming": (coming, address("round", coming.pk)) if coming not in (None, run) else None,
        "line_url": f"{address('rounds')}?line={run.pk}" if run.parent_id or not is_newest else "",
        "keep_url": address("round-keep", newest.pk) if _may_keep(newest, found) else "",
    }


def _may_keep(newest: MatchingRun, found) -> bool:
    return found.is_kept or newest.state in RoundState.DONE
