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
