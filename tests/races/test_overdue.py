"""More time agreed at the moment in which the job calls a return late: then it is not late."""

import threading
import time

import pytest
from django.db import connection, transaction

from medshare_portal.models import Notification
from scheduling.actions import overdue
from scheduling.actions.changes import answer_extension
from tests import make
from tests.races.arena import HOUR, this_hour

pytestmark = pytest.mark.race
WAITING = 1.0  # seconds that the job has to come to the lock


class Loan:
    """A ventilator that was due back an hour ago; its borrower has asked for more time."""

    def __init__(self):
        self.now = this_hour()
        owner, borrower = make.institution("owner"), make.institution("borrower")
        device = make.equipment(owner, last_safety_test=self.now.date())
        make.offer(device, now=self.now)
        self.approver = make.user(at=owner, role="approver")
        self.row = make.sharing_request(
            device, borrower, state="underway", agreement_accepted_at=self.now,
            starts_at=self.now - 9 * HOUR, ends_at=self.now - HOUR,
        )  # fmt: skip
        self.change = make.time_change(
            self.row, new_ends_at=self.now + 9 * HOUR, by=self.row.created_by
        )

    def escalate(self):
        try:
            overdue.escalate_overdue(now=self.now)
        finally:
            connection.close()

    def agree_while_the_job_runs(self):
        job = threading.Thread(target=self.escalate)
        with transaction.atomic():
            answer_extension(
                change=self.change, agree=True, answer="", by=self.approver, now=self.now
            )
            job.start()
            time.sleep(WAITING)
        job.join()

    @property
    def told(self):
        return Notification.unscoped.filter(event="overdue").count()


def test_a_return_that_gets_more_time_is_not_told_as_late(idle_portal):
    loan = Loan()
    loan.agree_while_the_job_runs()
    loan.row.refresh_from_db()
    assert (loan.told, loan.row.overdue_level) == (0, 0)


def test_twin_without_the_lock_it_is_told_as_late(idle_portal, monkeypatch):
    monkeypatch.setattr(overdue, "lock_request", lambda row: row)
    loan = Loan()
    loan.agree_while_the_job_runs()
    assert loan.told > 0
