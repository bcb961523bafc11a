"""Private pages are not kept by browsers or proxies."""


class NoStore:
    """``no-store`` for every answer to a signed-in person: nothing shows after signing out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
