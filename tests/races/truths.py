"""What may never be true in the database, asked in plain SQL beside all code of the portal."""

from django.db import connection

HOLDING = "('held', 'countered', 'approved', 'underway', 'finished')"

DOUBLE_BOOKED = f"""
SELECT COUNT(*) FROM scheduling_sharingrequest one
JOIN scheduling_sharingrequest other ON other.resource_id = one.resource_id AND other.id > one.id
JOIN resources_resource resource ON resource.id = one.resource_id AND resource.units = 1
WHERE one.state IN {HOLDING} AND other.state IN {HOLDING}
AND one.blocked_from < other.blocked_until AND one.blocked_until > other.blocked_from
"""
OVER_THE_UNITS = f"""
SELECT COUNT(*) FROM scheduling_sharingrequest one
JOIN resources_resource resource ON resource.id = one.resource_id
WHERE one.state IN {HOLDING} AND resource.units < (
  SELECT SUM(other.units) FROM scheduling_sharingrequest other
  WHERE other.resource_id = one.resource_id AND other.state IN {HOLDING}
  AND other.blocked_from <= one.blocked_from AND other.blocked_until > one.blocked_from
)
"""
OVER_A_BLOCK = f"""
SELECT COUNT(*) FROM scheduling_sharingrequest request
JOIN resources_busyblock block ON block.resource_id = request.resource_id
WHERE request.state IN {HOLDING}
AND block.starts_at < request.blocked_until AND block.ends_at > request.blocked_from
"""
OVER_A_PROMISE = f"""
SELECT COUNT(*) FROM scheduling_sharingrequest one
JOIN scheduling_sharingrequest other ON other.resource_id = one.resource_id AND other.id <> one.id
JOIN resources_resource resource ON resource.id = one.resource_id AND resource.units = 1
WHERE one.state = 'requested' AND one.hold_expires_at IS NOT NULL
AND (other.state IN {HOLDING} OR (other.state = 'requested' AND other.hold_expires_at IS NOT NULL))
AND one.blocked_from < other.blocked_until AND one.blocked_until > other.blocked_from
"""
WITHOUT_A_LOG = """
SELECT COUNT(*) FROM scheduling_sharingrequest request WHERE NOT EXISTS (
  SELECT 1 FROM scheduling_transitionlog log
  WHERE log.sharing_request_id = request.id AND log.to_state = request.state
)
"""
HANDED_OVER_TWICE = """
SELECT COUNT(*) FROM (
  SELECT 1 AS twice FROM scheduling_handover GROUP BY sharing_request_id, stage HAVING COUNT(*) > 1
) pairs
"""
HALF_GIVEN = """
SELECT COUNT(*) FROM scheduling_sharingrequest item
JOIN scheduling_basket basket ON basket.id = item.basket_id
WHERE basket.together = 'all' AND basket.state <> 'complete'
AND item.state IN ('underway', 'finished', 'closed')
"""
HALF_RELEASED = """
SELECT COUNT(*) FROM scheduling_sharingrequest item
JOIN scheduling_basket basket ON basket.id = item.basket_id
WHERE basket.state = 'released'
AND item.state IN ('held', 'requested', 'countered', 'approved', 'underway', 'finished')
"""
HALF_SENT = """
SELECT COUNT(*) FROM scheduling_basket basket WHERE basket.item_count <> (
  SELECT COUNT(*) FROM scheduling_sharingrequest item WHERE item.basket_id = basket.id
)
"""
HALF_APPROVED = """
SELECT COUNT(*) FROM scheduling_basket basket
WHERE basket.state = 'complete' AND basket.together = 'all' AND basket.item_count <> (
  SELECT COUNT(*) FROM scheduling_sharingrequest item WHERE item.basket_id = basket.id
  AND EXISTS (SELECT 1 FROM scheduling_transitionlog log
    WHERE log.sharing_request_id = item.id AND log.to_state = 'approved')
)
"""
BOTH_ENDS = """
SELECT COUNT(*) FROM medshare_portal_auditevent one
JOIN medshare_portal_auditevent other
ON other.object_id = one.object_id AND other.object_type = one.object_type
WHERE one.action = 'basket.complete' AND other.action = 'basket.undo'
"""
PROPOSED_TWICE = """
SELECT COUNT(*) FROM scheduling_proposal one
JOIN scheduling_proposal other ON other.resource_id = one.resource_id AND other.id > one.id
JOIN resources_resource resource ON resource.id = one.resource_id AND resource.units = 1
WHERE one.state IN ('published', 'asked') AND other.state IN ('published', 'asked')
AND one.starts_at < other.ends_at AND one.ends_at > other.starts_at
"""
PROPOSED_TOO_MUCH = """
SELECT COUNT(*) FROM scheduling_need need WHERE need.quantity < (
  SELECT SUM(quantity) FROM scheduling_proposal proposal
  WHERE proposal.need_id = need.id AND proposal.state IN ('published', 'asked')
)
"""
TRUTHS = {
    "two bookings of one unit at the same time": DOUBLE_BOOKED,
    "more units booked than there are": OVER_THE_UNITS,
    "a booking over the owner's block": OVER_A_BLOCK,
    "a booking over a promised place": OVER_A_PROMISE,
    "a request without the log of its state": WITHOUT_A_LOG,
    "a stage handed over twice": HANDED_OVER_TWICE,
    "an item given before its basket was complete": HALF_GIVEN,
    "a released basket that still holds something": HALF_RELEASED,
    "a basket that was sent in part": HALF_SENT,
    "a complete basket with an item that nobody approved": HALF_APPROVED,
    "a basket both complete and undone": BOTH_ENDS,
    "two proposals of one unit at the same time": PROPOSED_TWICE,
    "more proposed to a need than it asks for": PROPOSED_TOO_MUCH,
}


def count(statement):
    """The one number that a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def broken():
    """The truths that do not hold, and how many rows break each; empty when all is well."""
    counted = {name: count(statement) for name, statement in TRUTHS.items()}
    return {name: number for name, number in counted.items() if number}


def broken_after(play, rounds=3):
    """Play rounds until a truth breaks, at most so many; what is broken then."""
    for number in range(rounds):
        play(number)
        if found := broken():
            return found
    return {}
