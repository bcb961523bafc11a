"""Nobody passes between the password and the second factor."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from medshare_portal.second_factor import DONE, DUE, SESSION_KEY, is_set

OPEN = {
    "healthz",
    "login",
    "logout",
    "readyz",
    "second-factor",
    "second-factor-set",
    "set_language",
    "theme",
}


class SecondFactor:
    """Leads to the code while one is due; the city's pages and the registry never without one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or request.resolver_match.view_name in OPEN:
            return None
        state = request.session.get(SESSION_KEY)
        if state == DUE or (state != DONE and self._is_the_citys(request)):
            return HttpResponseRedirect(self._address(request))
        return None

    @staticmethod
    def _is_the_citys(request) -> bool:
        """A role for the city may have been given after the password."""
        return settings.SECOND_FACTOR and request.resolver_match.namespaces[:1] in (
            ["city"],
            ["admin"],
        )

    @staticmethod
    def _address(request) -> str:
        name = "second-factor" if is_set(request.user) else "second-factor-set"
        wanted = request.get_full_path() if request.method == "GET" else "/"
        return f"{reverse(name)}?{urlencode({'next': wanted})}"
