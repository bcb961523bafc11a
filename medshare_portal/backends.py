"""AUTHENTICATION_BACKENDS: Django's own, with the person behind a session read quickly."""

from django.contrib.auth.backends import ModelBackend

from medshare_portal.memberships import person


class PortalBackend(ModelBackend):
    def get_user(self, user_id):
        """The row as it is now: somebody deactivated is out at the next request."""
        found = person(user_id)
        return found if found and self.user_can_authenticate(found) else None
