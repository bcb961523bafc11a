"""Jobs of reports: facts of demand are written; statements are drafted and closed."""

from datetime import timedelta

from medshare_portal.jobs import job
from reports.actions import demand
from reports.settlement.actions import closing, drafting


@job("draft-statements", every=timedelta(hours=6))
def draft_statements(now):
    return drafting.draft_due(now=now)


@job("close-statements", every=timedelta(minutes=30))
def close_statements(now):
    return closing.close_due(now=now)


@job("record-demand", every=timedelta(minutes=15))
def record_demand(now):
    return demand.record(now=now)
