"""The signed-in person's language; others get their cookie's or browser's."""

from django.conf import settings
from django.utils import translation


class UserLanguage:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _language(request) -> str:
        chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        known = dict(settings.LANGUAGES)
        if chosen in known:
            return chosen
        return translation.get_language_from_request(request)
