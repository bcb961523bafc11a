"""Notices of settlement: one per institution and event, never one per line."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice, notice
from reports.models import LineDispute, Statement
from reports.settlement.states import DisputeState, StatementState

REASON = "a notice asks whether its statement or dispute still waits"


class OfStatements(Notice):
    """Leads to the list, or to the one statement that it is about."""

    @classmethod
    def url(cls, notification) -> str:
        slug = notification.institution.slug
        if notification.object_id is None:
            return reverse("reports:statement-list", args=[slug])
        return reverse("reports:statement", args=[slug, notification.object_id])


@notice
class StatementsDrafted(OfStatements):
    code = "statements.drafted"
    label = _("The statements of a month are ready for review")
    subject = _("Statements of %(month)s are ready: look at them until %(until)s")
    body = _(
        "Number of statements: %(number)s. A line that is wrong can be disputed on the statement; "
        "after the review it is closed and does not change any more."
    )


@notice
class StatementsClosed(OfStatements):
    code = "statements.closed"
    label = _("The statements of a month were closed")
    subject = _("Statements of %(month)s are closed")
    body = _("Number of statements: %(number)s. Later corrections stand on the next month's.")


@notice
class StatementAccepted(OfStatements):
    code = "statement.accepted"
    label = _("The other side accepted a statement")
    subject = _("%(other)s accepted the statement of %(month)s")
    body = _("Accept it as well, or dispute what is wrong.")

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = Statement.objects.everywhere(reason=REASON)
        return rows.filter(pk=notification.object_id, state=StatementState.REVIEW).exists()


class OfDispute(Notice):
    states: tuple[str, ...] = ()  # in which it still matters; none: always

    @classmethod
    def url(cls, notification) -> str:
        if notification.institution is None:
            return reverse("city:dispute", args=[notification.object_id])
        return reverse(
            "reports:dispute", args=[notification.institution.slug, notification.object_id]
        )

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = LineDispute.objects.everywhere(reason=REASON)
        found = rows.filter(pk=notification.object_id).first()
        return not cls.states or (found is not None and found.state in cls.states)


@notice
class LineDisputed(OfDispute):
    code = "statement.disputed"
    label = _("A line of a statement is disputed")
    subject = _("%(other)s disputes %(reference)s on the statement of %(month)s")
    body = _("%(what)s: %(before)s → %(after)s. Reason: %(text)s")
    states = (DisputeState.OPEN,)


@notice
class DisputeAnswered(OfDispute):
    code = "statement.dispute-answered"
    label = _("A dispute about a line was answered or withdrawn")
    subject = _("Dispute about %(reference)s, statement of %(month)s: %(state)s")
    body = _("%(what)s: %(before)s → %(after)s. %(text)s")


@notice
class CityAsked(OfDispute):
    code = "statement.city-asked"
    label = _("The city is asked to decide about a line")
    subject = _("%(other)s asks the city to decide about %(reference)s, statement of %(month)s")
    body = _("%(what)s: %(before)s → %(after)s. Reason: %(text)s")
    states = (DisputeState.WITH_CITY,)
