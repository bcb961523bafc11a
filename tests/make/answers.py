"""Closing a streamed answer without closing the test's own database connection."""

from django.core.signals import request_finished
from django.db import close_old_connections


def closed(response):
    """The response with its files closed; the signal of a finished request stays unheard."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
    return response
