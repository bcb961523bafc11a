"""A million looks for the access log's page: raw rows, for a list reads no hash."""

from django.db import connection

from scheduling.models import AccessChain, AccessEvent

LOOKS = 1_000_000
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
    "SELECT i FROM n",
    "postgresql": "SELECT i FROM generate_series(1, %s) AS g(i)",
}
COLUMNS = (
    "institution_id, sequence, at, actor_id, actor_name, actor_role, organisation_id, "
    "organisation_name, request_id, reference, resource_id, resource_name, action, content, "
    "purpose, decision, rule, reason, address, break_glass, previous_hash, hash"
)
VALUES = (
    "%s, h.length + i, %s, 1 + i %% 400, 'Somebody', 'coordinator', 1 + i %% 40, 'A hospital', "
    "1 + i %% 5000, 'IN-1', 1 + i %% 900, 'A protocol', 'look', 'v1', 'TREAT', "
    "CASE WHEN i %% 20 = 0 THEN 'deny' ELSE 'permit' END, "
    "CASE WHEN i %% 20 = 0 THEN 'INF-06' ELSE '' END, '', '10.0.0.1', %s, '', 'bench'"
)


def make_looks(institution, now) -> int:
    """Fill the log of an institution up to LOOKS; returns the newest number."""
    AccessChain.unscoped.get_or_create(institution=institution)
    head = AccessChain.unscoped.get(institution=institution)
    missing = LOOKS - AccessEvent.unscoped.filter(institution=institution).count()
    if missing <= 0:
        return head.length
    numbers = NUMBERS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scheduling_accessevent ({COLUMNS}) SELECT {VALUES} "
            f"FROM ({numbers}) AS numbers, scheduling_accesschain h WHERE h.institution_id = %s",
            [
                institution.pk,
                connection.ops.adapt_datetimefield_value(now),
                False,
                missing,
                institution.pk,
            ],
        )
        cursor.execute("ANALYZE scheduling_accessevent")
    head.length += missing
    head.head_hash = "bench"
    head.save()
    return head.length
