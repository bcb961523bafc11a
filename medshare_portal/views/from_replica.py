"""Pages that may be answered from a replica of the database that is some seconds old."""

from medshare_portal.db import replica

# After a write its reader sees the primary, until the replica has surely caught up.
READS = {"GET", "HEAD"}
WROTE, CATCH_UP = "medshare_wrote", 15


class FromReplica:
    """Mixin of pages that only show: they read the replica where there is one.

    Who may see the page was decided before, at the primary.  When the replica fails while the page
    is made, the page is made again from the primary.
    """

    from_primary = False

    def dispatch(self, request, *args, **kwargs):
        may_lag = request.method in READS and WROTE not in request.COOKIES
        moment = None if self.from_primary or not may_lag else replica.moment_of_replica()
        if moment is None:
            return super().dispatch(request, *args, **kwargs)
        try:
            with replica.reading(moment):
                return _finished(super().dispatch(request, *args, **kwargs))
        except replica.GONE as error:
            replica.failed(error)
        again = type(self)(from_primary=True)
        again.setup(request, *args, **kwargs)
        return again.dispatch(request, *args, **kwargs)


def _finished(response):
    """Rendered while the replica is still read."""
    if getattr(response, "is_rendered", True) is False:
        response.render()
    return response
