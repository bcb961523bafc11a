"""One function per guard: each takes it out of this process.

``pause`` only widens the gap between the check and the write, so that few rounds show it.
"""

import contextlib
import threading
import time

from django.db import connection
from django.db.models import F, QuerySet

from medshare_portal import submissions
from medshare_portal.models import SubmittedForm
from medshare_portal.views import errors, pages
from resources.actions import blocks
from resources.kinds.medicine.actions import ledger
from resources.models import MedicineLot, Resource
from scheduling.actions import _move, _rules, decisions, handovers, requests
from scheduling.kinds.information.actions import looking
from scheduling.models import AccessGrant, SharingRequest

SECONDS = 0.15
PATIENCE = 10  # seconds that one of two waits for the other


def lock():
    """No lock on the shared row; on SQLite, where the transaction is the lock, none of that."""
    locked = QuerySet.select_for_update
    whole = connection.vendor == "sqlite"

    def select_for_update(self, *args, **kwargs):
        shared = self.model in (Resource, MedicineLot, AccessGrant)
        return self.all() if whole or shared else locked(self, *args, **kwargs)

    QuerySet.select_for_update = select_for_update
    if whole:
        pages.transaction = ledger.transaction = _NoTransactions


class _NoTransactions:
    """Every statement commits by itself."""

    @staticmethod
    def atomic():
        return contextlib.nullcontext()


def pause():
    """Somebody else has time to write between the check of the rules and the write."""
    _rules.context_of = _and_then_wait(_rules.context_of)
    handovers._judge = _and_then_wait(handovers._judge)
    blocks.locked = _and_then_wait(blocks.locked)


def _and_then_wait(function):
    def waiting(*args, **kwargs):
        result = function(*args, **kwargs)
        time.sleep(SECONDS)
        return result

    return waiting


def compare_and_set():
    """A state is written without asking whether it is still the one that was read."""

    def naive(sharing_request, from_state, **changes):
        rows = SharingRequest.objects.everywhere(reason="twin of a race")
        rows.filter(pk=sharing_request.pk).update(version=F("version") + 1, **changes)
        for name, value in changes.items():
            setattr(sharing_request, name, value)

    _move._set = naive


def meeting():
    """Two who move a request have both read and judged it before either writes.

    For a server of one process; named after ``compare_and_set`` where that is taken out as well.
    """
    gate, write = threading.Barrier(2), _move._set

    def together(sharing_request, from_state, **changes):
        try:
            gate.wait(PATIENCE)
        except threading.BrokenBarrierError:
            gate.reset()
        write(sharing_request, from_state, **changes)

    _move._set = together


def rules():
    """Nothing is found to stand in the way."""
    _rules.judge = lambda findings, accepted: None


def declining():
    """An approval leaves its competitors alone."""
    decisions.decline_competitors = lambda winner, *, side, by, now: None


def idempotency():
    """Every post is a new submission, whatever its key."""
    submissions.claim = lambda *, user, key, digest, now: (SubmittedForm(key=key), True)


def recognition():
    """The same wish of the same person is a request of its own."""
    requests._not_asked_yet = lambda *wish: None


def count_of_looks():
    """A look is counted whatever the count has become since it was judged."""

    def count(fresh, grant, by, now):
        AccessGrant.objects.of(fresh).update(looks_used=F("looks_used") + 1)

    looking.findings_for_look = _and_then_wait(looking.findings_for_look)
    looking._count = count


def count_of_stock():
    """What is left was counted a moment before it is reserved."""
    ledger._check = _and_then_wait(ledger._check)


def busy():
    """A lock that somebody else holds is a fault like any other."""
    errors.is_busy = lambda error: False
