"""Jobs of reports: facts of demand, numbers of days, statements, and in the night forecasts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from medshare_portal.jobs import job
from reports.actions import counting, demand, forecasts
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


@job("forecast", every=timedelta(minutes=5))
def work_out_forecasts(now):
    """After one in the morning, some institutions at a time until all have had their turn."""
    return forecasts.compute_due(now=now, zone=ZoneInfo(settings.TIME_ZONE))


@job("count-days", every=timedelta(minutes=5))
def count_days(now):
    return counting.count_days(now=now)
