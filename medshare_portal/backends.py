"""AUTHENTICATION_BACKENDS: Django's own, with the person behind a session read quickly."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigIntegerField

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import User

PERSON = Prepared(lambda: User.objects.filter(pk=Bind("pk", BigIntegerField())))


class PortalBackend(ModelBackend):
    def get_user(self, user_id):
        """The row as it is now: somebody deactivated is out at the next request."""
        found = PERSON.instances(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
