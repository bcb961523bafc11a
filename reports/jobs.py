"""Jobs of reports: statements are drafted once their month is over, and closed after the review."""

from datetime import timedelta

from medshare_portal.jobs import job
from reports.settlement.actions import closing, drafting


@job("draft-statements", every=timedelta(hours=6))
def draft_statements(now):
    return drafting.draft_due(now=now)


@job("close-statements", every=timedelta(minutes=30))
def close_statements(now):
    return closing.close_due(now=now)
