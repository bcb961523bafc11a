"""Idle and absolute limits of a session, without a session write on every GET."""

import time

from django.conf import settings
from django.contrib.auth import logout

STARTED = "started"
SEEN = "seen"
WRITE_EVERY = 60  # seconds


class SessionLimits:
    """Signs a person out after idling, or after a working day."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._check(request, time.time())
        return self.get_response(request)

    @staticmethod
    def _check(request, now: float) -> None:
        session = request.session
        started, seen = session.get(STARTED, now), session.get(SEEN, now)
        if (
            now - seen > settings.SESSION_IDLE_SECONDS
            or now - started > settings.SESSION_ABSOLUTE_SECONDS
        ):
            logout(request)
        elif STARTED not in session or now - seen > WRITE_EVERY:
            session[STARTED], session[SEEN] = started, now
