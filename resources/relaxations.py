"""What a crisis may relax in the catalogue."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.relaxations import Relaxation, register

WIDER = register(
    Relaxation(
        code="wider-visibility",
        label=_("wider visibility"),
        what=_(
            "Offers made to a consortium or to named institutions are visible to every institution "
            "within the scope, while it lasts. Drafts, content of information and the owner's own "
            "notes are not."
        ),
    )
).code
