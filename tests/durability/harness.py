"""Clients that keep booking while workers are killed, and what they were told."""

import secrets
import threading

from scheduling.models import SharingRequest
from tests.races.arena import HOUR, rush, wish

CLIENTS = 4


class Load:
    """Each client books slot after slot of its own device; ``accepted`` are the ids it was told."""

    def __init__(self, arena):
        self.arena = arena
        self.devices = [arena.device() for _client in range(CLIENTS)]
        self.accepted = []
        self.unanswered = 0
        self.answers = set()
        self._stop = threading.Event()

    def run_while(self, disturb):
        """Book until ``disturb`` has returned."""
        calls = [lambda n=n: self._book_on(n) for n in range(CLIENTS)]
        rush([*calls, lambda: self._disturb(disturb)])
        return self

    def _disturb(self, disturb):
        try:
            disturb()
        finally:
            self._stop.set()

    def _book_on(self, number):
        client, device = self.arena.askers[number], self.devices[number]
        start = self.arena.now + 24 * HOUR
        while not self._stop.is_set():
            self._book(client, device, start)
            start += HOUR

    def _book(self, client, device, start):
        fields = wish(client, start, start + HOUR)
        try:
            answer = client.post(
                "scheduling:request-create", [device.pk], fields, key=secrets.token_hex(16)
            )
        except OSError:
            # The worker died before it answered: nothing was promised.
            self.unanswered += 1
            self._stop.wait(0.05)
            return
        self.answers.add(answer.status)
        if answer.status == 302:
            self.accepted.append(int(answer.location.rstrip("/").rpartition("/")[2]))

    def lost(self):
        """Bookings that a client was promised and that are not there."""
        kept = SharingRequest.unscoped.filter(pk__in=self.accepted, state="approved")
        return set(self.accepted) - set(kept.values_list("pk", flat=True))
