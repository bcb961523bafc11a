"""Who has just written reads the primary until a replica has caught up."""

from medshare_portal.views.from_replica import CATCH_UP, READS, WROTE


class AfterWrites:
    """A cookie for some seconds after each write; only where there is a replica."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in READS:
            response.set_cookie(
                WROTE,
                "1",
                max_age=CATCH_UP,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response
