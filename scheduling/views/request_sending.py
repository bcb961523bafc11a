"""Sending a request from a page that may have been sent before."""

from django.contrib import messages
from django.utils.translation import gettext as _

from scheduling.actions import requests
from scheduling.models import SharingRequest


def sent_or_first(http_request, **asked) -> SharingRequest:
    """The new request; where the same person asked for the same before, that one."""
    try:
        return requests.ask(**asked)
    except requests.AlreadyAsked as refusal:
        words = _("You asked for this unit and time before: this is that request.")
        messages.info(http_request, words)
        return refusal.first
