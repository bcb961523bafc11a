"""The Content-Security-Policy of every answer: one text, made by django-csp when a process starts.

django-csp's own middleware makes it anew for every answer, for views that change it and for
nonces.  No view here may change it, and nothing here is inline.
"""

from csp.constants import HEADER
from csp.utils import build_policy


class ContentPolicy:
    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        response.headers[HEADER] = self.policy
        return response
