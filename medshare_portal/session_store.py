"""SESSION_ENGINE: Django's sessions in the database, read by a prepared statement.

Every page of a signed-in person begins with this row; all else is Django's own.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from medshare_portal.db.prepared import Bind, Prepared

UNEXPIRED = Prepared(
    lambda: Session.objects.filter(
        session_key=Bind("key", CharField()), expire_date__gt=Bind("now", DateTimeField())
    )
)


class SessionStore(DatabaseSessions):
    def _get_session_from_db(self):
        if self.session_key is None:
            return None
        found = UNEXPIRED.instances(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]
