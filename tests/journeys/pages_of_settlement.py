"""Statements of the demo city for the pages that name one, and the city's own."""

from django.db.models import Q
from django.urls import reverse

from reports.models import LineDispute, Statement, StatementLine


def statement_in_review(here):
    ours = Statement.unscoped.filter(Q(first=here) | Q(second=here), state="review")
    return ours.order_by("pk").first()


def line_we_pay(here):
    """Of the statements in review, not disputed yet."""
    lines = StatementLine.unscoped.filter(debtor=here, sort="share", statement__state="review")
    return lines.filter(disputes__isnull=True).order_by("pk").first()


def dispute_of(here, sides):
    """Open where the address asks for our answer, refused or agreed where we pay."""
    rows = LineDispute.unscoped.order_by("-state", "pk")
    if sides == "owner":
        return rows.filter(line__creditor=here, state="open").first()
    return rows.filter(line__debtor=here).first()


def of_city(here):
    """The lists, one statement, one dispute that waits for the city, and its form."""
    waiting = LineDispute.unscoped.filter(state="with_city").first()
    yield reverse("city:statement-list")
    yield reverse("city:demand")
    yield reverse("city:statement", args=[statement_in_review(here).pk])
    yield reverse("city:dispute", args=[waiting.pk])
    yield reverse("city:dispute-decide", args=[waiting.pk])
