"""Sixteen people who all press the button at the same moment, round after round."""

import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from medshare_portal.submissions import FIELD as KEY
from resources.enums import AutoApproval
from tests import make

CLIENTS = 16
FEW, SHORT = 3, 4
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")


def rounds(usual=SHORT):
    """How many rounds: MEDSHARE_RACE_ROUNDS says (50 is the long form), else a few."""
    return int(os.environ.get("MEDSHARE_RACE_ROUNDS", usual))


def this_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def typed(moment):
    """A moment as a person types it into a form."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


@dataclass
class Client:
    """A person of an institution in a browser of their own."""

    user: object
    institution: object
    visitor: object
    site: int

    def post(self, name, arguments, fields, key=None):
        """Post a form with an idempotency key; the answer."""
        path = reverse(name, args=[self.institution.slug, *arguments])
        return self.visitor.post(path, {**fields, KEY: key or secrets.token_hex(16)})


@dataclass
class Arena:
    """An owner with approvers, four borrowers with askers, all signed in at a running portal."""

    portal: object
    now: object = field(default_factory=this_hour)
    askers: list = field(default_factory=list)
    approvers: list = field(default_factory=list)

    def __post_init__(self):
        self.owner = make.institution("owner")
        self.borrowers = [make.institution(f"borrower-{number}") for number in range(4)]

    def sign_in(self, *, askers=CLIENTS, approvers=0):
        """People at the borrowers, taking turns, and at the owner."""
        for number in range(askers):
            home = self.borrowers[number % len(self.borrowers)]
            self.askers.append(self._client(home, "coordinator"))
        for _number in range(approvers):
            self.approvers.append(self._client(self.owner, "coordinator", "approver"))
        return self

    def colleague(self, *roles):
        """Somebody at the owner with these roles, signed in."""
        return self._client(self.owner, *roles)

    def _client(self, institution, *roles):
        user = make.user(at=institution, roles=roles)
        visitor = self.portal.visitor().sign_in(user.username, make.PASSWORD)
        return Client(user, institution, visitor, institution.sites.get().pk)

    def device(self, *, units=1, auto=True, **fields):
        """Something on offer at all hours; approved without a person where ``auto``."""
        device = make.equipment(self.owner, units=units, last_safety_test=self.now.date(), **fields)
        approval = AutoApproval.ANYONE if auto else AutoApproval.NEVER
        make.offer(device, now=self.now, auto_approval=approval)
        return device

    def slot(self, number, *, hours=1):
        """The hours of a round; no two rounds touch."""
        start = self.now + 24 * HOUR + number * 4 * HOUR
        return start, start + hours * HOUR


def wish(client, starts_at, ends_at, *, units=1, **changes):
    """The fields of the request form."""
    return {
        "starts_at": typed(starts_at),
        "ends_at": typed(ends_at),
        "units": units,
        "priority": "routine",
        "mode": "loan",
        "purpose": "Our own unit failed its test.",
        "delivery_site": client.site,
        "transport": "borrower",
        "agreement_accepted": "on",
    } | changes


def rush(calls):
    """Make all calls at once, each in a thread with a database connection of its own; what they
    returned, in order."""
    gate = threading.Barrier(len(calls))

    def call(function):
        gate.wait()
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


POLITE = frozenset({200, 302, 409, 412})


def winners(answers, polite=POLITE):
    """Those who were told that it worked; all others must have been refused politely."""
    statuses = sorted(answer.status for answer in answers)
    assert set(statuses) <= polite, statuses
    return [answer for answer in answers if answer.status < 400]
