"""Let others write between the steps of long work."""

import time

from django.db import connection

LONG, LONGEST = 0.05, 0.25  # seconds


class Breath:
    """SQLite has one writer, and who waits for it asks again at times: a step that begins at once
    where the last one ended leaves nobody in.  So we pause as long as we took."""

    def __init__(self):
        self.since = time.monotonic()

    def take(self) -> None:
        taken = time.monotonic() - self.since
        if connection.vendor == "sqlite" and taken > LONG:
            time.sleep(min(taken, LONGEST))
        self.since = time.monotonic()
