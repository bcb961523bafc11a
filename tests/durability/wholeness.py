"""Half-written work, asked in plain SQL."""

from tests.races import truths

WITHOUT_STEPS = """
SELECT COUNT(*) FROM scheduling_sharingrequest request WHERE 2 <> (
  SELECT COUNT(*) FROM scheduling_transitionlog log
  WHERE log.sharing_request_id = request.id AND log.transition IN ('ask', 'auto_approve')
)
"""
WITHOUT_AUDIT = """
SELECT COUNT(*) FROM scheduling_transitionlog log WHERE 2 > (
  SELECT COUNT(*) FROM medshare_portal_auditevent event
  WHERE event.object_type = 'scheduling.sharingrequest'
  AND event.object_id = CAST(log.sharing_request_id AS text)
  AND event.action LIKE '%' || log.transition
)
"""
WITHOUT_RESULT = """
SELECT COUNT(*) FROM medshare_portal_submittedform WHERE result_url = ''
"""
STEPS_WITHOUT_REQUEST = """
SELECT COUNT(*) FROM scheduling_transitionlog log
LEFT JOIN scheduling_sharingrequest request ON request.id = log.sharing_request_id
WHERE request.id IS NULL
"""
WHOLE = {
    "a booking without both its steps": WITHOUT_STEPS,
    "a step without its audit event on both sides": WITHOUT_AUDIT,
    "a submitted form without a result": WITHOUT_RESULT,
    "a step of no request": STEPS_WITHOUT_REQUEST,
}


def torn():
    """What is half there, and how many rows of it."""
    counted = {name: truths.count(statement) for name, statement in WHOLE.items()}
    return truths.broken() | {name: number for name, number in counted.items() if number}
