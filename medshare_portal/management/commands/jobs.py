"""Run the portal's jobs, once or for ever."""

import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from medshare_portal import jobs


class Command(BaseCommand):
    help = "Run every job that is due; without --once, keep on until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run all jobs now, then end")
        parser.add_argument("--pause", type=float, default=20, help="seconds between two looks")

    def handle(self, *args, once, pause, **options):
        if once:
            self._report(jobs.run_due(now=timezone.now(), force=True))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            jobs.run_due(now=timezone.now())
            close_old_connections()
            stop.wait(pause)

    def _report(self, done):
        for name, count in done.items():
            self.stdout.write(f"{name}: {count}")
