"""The card of a closed request's page that says on which statement it stands, and for how much."""

from medshare_portal.local_times import describe_month
from medshare_portal.money import money_words
from medshare_portal.roles import Permission
from reports.settlement.charging import line_of
from reports.settlement.queries.lines import lines_about
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register
from scheduling.states import State


def settled(asked: Asked) -> dict | None:
    """Lines on statements that both sides can see; before that what it will come to."""
    request = asked.sharing_request
    if request.state != State.CLOSED or Permission.READ_STATEMENTS not in asked.rights:
        return None
    lines = [
        {
            "statement": line.statement_id,
            "month": describe_month(line.statement.month),
            "amount": money_words(line.amount, line.statement.currency),
            "is_share": line.dispute_id is None,
        }
        for line in lines_about(request, asked.institution)
    ]
    coming = None if lines else line_of(request, asked.now)
    return {
        "lines": lines,
        "coming": money_words(coming.amount, coming.currency) if coming else "",
    }


register(
    RequestPanel(
        name="settled",
        template="reports/statements/request_panel.html",
        context=settled,
        place=ASIDE,
        order=55,
    )
)
