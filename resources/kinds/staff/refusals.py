"""Why something about a person was not entered."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal


class LicenceTaken(Refusal):
    """A licence number stands for one person in the whole city; whose it is, is not said."""

    message = _("This licence number is registered already. Ask the registry administrator.")
    field = "licence_masked"
    status = 422
