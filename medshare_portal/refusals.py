"""Why an action did not happen: said by the action, shown by the view, nothing changed."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Base of every reason that an action gives.

    ``message`` is for the person; ``status`` the HTTP status of the answer; ``field`` the form
    field beside which the message belongs (None: above the form); ``findings`` what the rules
    said, where rules said something.
    """

    message = _("This is not possible.")
    status = 409
    field: str | None = None

    def __init__(self, message=None, *, field: str | None = None, findings=()):
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        self.findings = list(findings)
        super().__init__(str(self.message))


class Busy(Refusal):
    """The database made us wait too long for somebody else's work."""

    message = _("Somebody else is changing this right now. Please try again.")
    status = 503


class StaleVersion(Refusal):
    """GEN-08: the row has changed since the form was opened."""

    message = _("Somebody changed this record in the meantime. Look at it again and repeat.")
    status = 412
