"""The SQL of the floor: what each page's content needs, written for both databases."""

HOLDING = "('held', 'countered', 'approved', 'underway', 'finished')"
SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
PERSON = "SELECT id, full_name FROM medshare_portal_user WHERE id = %s AND is_active"
NAMED = (
    "FROM resources_resource r JOIN medshare_portal_institution i ON i.id = r.institution_id "
    "JOIN medshare_portal_site s ON s.id = r.site_id "
    "JOIN resources_category c ON c.id = r.category_id WHERE r.status = 'listed' "
)
COLUMNS = "SELECT r.id, r.code, r.name_en, r.units, i.name_en, s.name_en, c.name_en "
MATCHING = NAMED + "AND r.search_text LIKE %s AND r.visibility = 'all' "
FREE = (
    NAMED + "AND r.category_id = %s AND EXISTS (SELECT 1 FROM resources_offeredinterval o "
    "WHERE o.resource_id = r.id AND o.starts_at <= %s AND o.ends_at >= %s) "
    f"AND NOT EXISTS (SELECT 1 FROM scheduling_sharingrequest q WHERE q.resource_id = r.id "
    f"AND q.state IN {HOLDING} AND q.blocked_from < %s AND q.blocked_until > %s) "
)
BOOKED = (
    "SELECT q.id, q.resource_id, q.state, q.starts_at, q.ends_at, i.name_en "
    "FROM scheduling_sharingrequest q JOIN medshare_portal_institution i ON i.id = q.borrower_id "
    f"WHERE q.state IN {HOLDING} AND q.blocked_from < %s AND q.blocked_until > %s "
)
KEPT = (
    "SELECT id, resource_id, reason, starts_at, ends_at, note FROM resources_busyblock "
    "WHERE starts_at < %s AND ends_at > %s AND resource_id IN "
)
OFFERED = (
    "SELECT id, resource_id, '', starts_at, ends_at, '' FROM resources_offeredinterval "
    "WHERE starts_at < %s AND ends_at > %s AND resource_id IN "
)
DEVICES = "SELECT r.id, r.name_en, r.code, i.name_en " + NAMED + "ORDER BY i.name_en, r.code "
LOOKS = (
    "SELECT sequence, at, actor_name, organisation_name, resource_name, purpose, decision, rule, "
    "reason, address FROM scheduling_accessevent WHERE institution_id = %s AND sequence < %s "
    "ORDER BY sequence DESC LIMIT 50"
)
# Consumption is spent on the lot that expires first: a running sum per item, in the database.
AT_RISK = (
    "WITH lots AS (SELECT l.resource_id, l.item_key, l.expiry_date, l.lot_no, l.on_hand, "
    "l.unit_cost, l.pack_size, l.on_hand * l.pack_size AS units, "
    "COALESCE(u.units_per_day, 0) * {days} AS usable "
    "FROM resources_medicinelot l LEFT JOIN resources_medicineuse u "
    "ON u.institution_id = l.institution_id AND u.item_key = l.item_key "
    "WHERE l.institution_id = %s AND l.expiry_date >= %s AND l.expiry_date <= %s "
    "AND l.on_hand > 0 AND l.quarantine_state = 'released' AND l.pack_state = 'sealed'), "
    "summed AS (SELECT lots.*, SUM(units) OVER turn AS so_far FROM lots "
    "WINDOW turn AS (PARTITION BY item_key ORDER BY expiry_date, resource_id)), "
    "left_over AS (SELECT summed.*, so_far + MIN(CASE WHEN usable < so_far "
    "THEN usable - so_far ELSE 0 END) OVER turn AS used_so_far FROM summed "
    "WINDOW turn AS (PARTITION BY item_key ORDER BY expiry_date, resource_id)), "
    "found AS (SELECT left_over.*, units - used_so_far + COALESCE(LAG(used_so_far) OVER turn, 0) "
    "AS units_left FROM left_over "
    "WINDOW turn AS (PARTITION BY item_key ORDER BY expiry_date, resource_id)) "
)
AT_RISK_SUMS = (
    "SELECT CASE WHEN expiry_date <= %s THEN 1 WHEN expiry_date <= %s THEN 2 "
    "WHEN expiry_date <= %s THEN 3 ELSE 4 END AS bucket, COUNT(*), "
    "SUM(units_left * unit_cost / pack_size), SUM(on_hand * unit_cost) FROM found GROUP BY 1"
)
AT_RISK_ROWS = (
    "SELECT f.lot_no, r.name_en, f.expiry_date, f.on_hand, f.units_left, f.unit_cost FROM found f "
    "JOIN resources_resource r ON r.id = f.resource_id WHERE f.expiry_date <= %s "
    "ORDER BY MIN(f.expiry_date) OVER (PARTITION BY f.item_key), f.item_key, f.expiry_date LIMIT 50"
)
DAYS_UNTIL = {
    "sqlite": "(julianday(l.expiry_date) - julianday({today}))",
    "postgresql": "(l.expiry_date - DATE {today})",
}
FORM = (
    "INSERT INTO medshare_portal_submittedform (user_id, key, digest, result_url, created_at) "
    "VALUES (%s, %s, %s, %s, %s)"
)
CHAIN = "SELECT length, head_hash FROM medshare_portal_auditchain WHERE name = %s"
HEAD = "UPDATE medshare_portal_auditchain SET length = %s, head_hash = %s WHERE name = %s"
EVENT = (
    "INSERT INTO medshare_portal_auditevent (chain, sequence, at, actor_id, actor_name, action, "
    "object_type, object_id, object_label, data, previous_hash, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
NOTIFICATION = (
    "INSERT INTO medshare_portal_notification (user_id, event, event_key, context, created_at, "
    "mail, mail_tries) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


def places(keys) -> str:
    """``(%s, %s, …)`` for the ids of one page."""
    return "(" + ", ".join(["%s"] * len(keys)) + ")"
