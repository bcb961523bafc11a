"""Let others write between the steps of long work."""

import time

from django.db import connection

LONG, LONGEST = 0.05, 0.25  # seconds


class Breath:
    """SQLite has one writer, and who waits for it asks again at times: a step that begins at once
    where the last one ended leaves nobody in.  So we pause as long as we took – but not inside of a
    transaction around it all, which keeps them out anyway."""

    def __init__(self):
        self.since = time.monotonic()

    def take(self) -> None:
        taken = time.monotonic() - self.since
        if taken > LONG and connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(min(taken, LONGEST))
        self.since = time.monotonic()
