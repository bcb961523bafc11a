"""The two tabs of 'Needs and wait-list'."""

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(institution, active: str) -> list[dict]:
    pages = (("needs", _("Needs")), ("waitlist", _("Wait-list")))
    return [
        {
            "label": label,
            "url": reverse(f"scheduling:{name}", args=[institution.slug]),
            "active": name == active,
        }
        for name, label in pages
    ]
