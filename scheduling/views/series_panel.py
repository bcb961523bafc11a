"""On a request's page: of which series it is a date."""

from scheduling.queries.series import number_of_dates
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register
from scheduling.series_words import repeats
from scheduling.states import Side


def _of_series(asked: Asked) -> dict | None:
    series = asked.sharing_request.series
    if series is None:
        return None
    return {
        "series": series,
        "repeats": repeats(series.rule),
        "dates": number_of_dates(series),
        "asked_until": series.confirm_due_at if asked.side == Side.BORROWER else None,
    }


register(
    RequestPanel(
        name="series",
        template="scheduling/series/panel.html",
        context=_of_series,
        place=ASIDE,
        order=10,
    )
)
