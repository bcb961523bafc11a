"""The city's rounds that ask something of somebody, as a card on the officials' home page."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from scheduling.models import MatchingRun
from scheduling.queries.rounds.listed import citys_at_hand
from scheduling.round_states import RoundState

COMPUTING, READY, ANSWERED = "neutral", "waiting", "info"
WORDS = {
    COMPUTING: _("Being computed"),
    READY: _("Ready to publish"),
    ANSWERED: _("Being answered"),
}


def rounds_for(permissions: Collection[Permission], now: datetime) -> list[dict]:
    """Rows of ``scheduling/rounds/city_card.html``; none for who does not run rounds."""
    if Permission.RUN_MATCHING not in permissions:
        return []
    return [_row(run) for run in citys_at_hand(now)]


def _row(run: MatchingRun) -> dict:
    tone = COMPUTING if run.state in RoundState.UNDER_WAY else READY if run.to_publish else ANSWERED
    return {
        "run": run,
        "scope": run.consortium.name if run.consortium else run.get_scope_display(),
        "tone": tone,
        "words": WORDS[tone],
        "url": reverse("city:round", args=[run.pk]),
    }
