"""For machines that watch the portal: is it alive, is it ready.  Public, without secrets."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from medshare_portal.db.guarantees import missing_guarantees
from medshare_portal.models import JobRun

JOBS_ARE_LATE_AFTER = timedelta(minutes=10)


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """200 as long as this process answers; the database is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request):
    """200 when pages can be served truthfully, else 503, with one line per check.

    Jobs that are late are named but do not take the web processes out of service.
    """
    try:
        lines, ready = _checks()
    except DatabaseError:
        lines, ready = ["database: no answer"], False
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain", status=200 if ready else 503)


def _checks() -> tuple[list[str], bool]:
    waiting = _migrations_wait()
    if waiting:
        return ["database: ok", "migrations: waiting"], False
    missing = missing_guarantees()
    lines = [
        "database: ok",
        "migrations: ok",
        f"guarantees: {'missing' if missing else 'ok'}",
        f"jobs: {'ok' if _jobs_ran() else 'late'}",
    ]
    return lines, not missing


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _jobs_ran() -> bool:
    return JobRun.objects.filter(finished_at__gte=timezone.now() - JOBS_ARE_LATE_AFTER).exists()
