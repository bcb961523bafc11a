"""Jobs of reports: facts of demand, numbers of days, statements, and in the night forecasts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from medshare_portal.jobs import job, progress
from reports.actions import alerting, counting, demand, forecasts, report_mails, usage
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


@job("record-facts", every=timedelta(days=1))
def record_missing_facts(now):
    """Of what ended before there were facts, or was brought in: after an upgrade all of it."""
    return usage.record_missing(now=now, tell=lambda done: progress("record-facts", done))


@job("count-days", every=timedelta(minutes=5))
def count_days(now):
    return counting.count_days(now=now, tell=lambda done: progress("count-days", done))


@job("report-mails", every=timedelta(hours=1))
def mail_reports(now):
    """On the first of a month, or as soon after it as the jobs run."""
    return report_mails.mail_due(now=now)


@job("check-alerts", every=timedelta(minutes=5))
def check_alerts(now):
    """From six in the morning on, before the daily digest; each institution once a day."""
    return alerting.check_due(now=now)
