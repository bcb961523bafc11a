"""The truths of the data as queries, the same on PostgreSQL and SQLite.

Constraints and triggers keep untrue rows out; these queries find one that came in all the same:
by a dropped trigger, a restored file or a hand in the database.  Each query returns the rows that
break its truth; ``manage.py check_invariants`` names them.
"""

from collections.abc import Iterator

from django.db import connections

from scheduling.invariant import (
    DECIDED,
    ENDED,
    HANDED_OVER,
    HOLDING,
    REQUEST,
    RETURNED,
    Breach,
    Invariant,
    listed,
)
from scheduling.invariants_basket import BASKETS
from scheduling.states import State

MOST_NAMED = 20


def _of_requests(name: str, truth: str, condition: str, says: str = "is {1}") -> Invariant:
    """A truth about single requests (alias r)."""
    return Invariant(
        name=name,
        truth=truth,
        query=f"SELECT r.id, r.state FROM {REQUEST} r WHERE {condition}",  # noqa: S608 - constants
        says=f"request {{0}} {says}",
    )


SAME_TIME = "b.blocked_from < a.blocked_until AND b.blocked_until > a.blocked_from"

CAPACITY = (
    Invariant(
        name="one booking at a time",
        truth="No two requests that hold one single unit overlap, buffers included.",
        query=f"SELECT a.id, b.id, a.resource_id FROM {REQUEST} a "  # noqa: S608 - constants
        f"JOIN {REQUEST} b ON b.resource_id = a.resource_id AND b.id > a.id AND {SAME_TIME} "
        "JOIN resources_resource resource ON resource.id = a.resource_id "
        f"WHERE resource.units = 1 AND a.state IN ({HOLDING}) AND b.state IN ({HOLDING})",
        says="requests {0} and {1} hold resource {2} at the same time",
    ),
    Invariant(
        name="no more units than there are",
        truth="The requests that hold a set never take more units than it has.",
        query="SELECT a.id, a.resource_id, SUM(b.units), resource.units "  # noqa: S608 - constants
        f"FROM {REQUEST} a JOIN {REQUEST} b ON b.resource_id = a.resource_id "
        "AND b.blocked_from <= a.blocked_from AND b.blocked_until > a.blocked_from "
        "JOIN resources_resource resource ON resource.id = a.resource_id "
        f"WHERE a.state IN ({HOLDING}) AND b.state IN ({HOLDING}) "
        "GROUP BY a.id, a.resource_id, resource.units HAVING SUM(b.units) > resource.units",
        says="when request {0} begins, {2} units of resource {1} are taken, it has {3}",
    ),
    Invariant(
        name="no more units are out than there are",
        truth="The requests under way of a resource never have more units than it has.",
        query="SELECT a.resource_id, SUM(a.units), resource.units "  # noqa: S608 - constants
        f"FROM {REQUEST} a JOIN resources_resource resource ON resource.id = a.resource_id "
        "WHERE a.state = 'underway' "
        "GROUP BY a.resource_id, resource.units HAVING SUM(a.units) > resource.units",
        says="{1} units of resource {0} are out, it has {2}",
    ),
    Invariant(
        name="no booking over the owner's time",
        truth="The owner's own use and maintenance never lie over a booking.",
        query="SELECT block.id, a.id, a.resource_id FROM resources_busyblock block "  # noqa: S608
        f"JOIN {REQUEST} a ON a.resource_id = block.resource_id "
        "AND a.blocked_from < block.ends_at AND a.blocked_until > block.starts_at "
        f"WHERE a.state IN ({HOLDING})",
        says="block {0} lies over request {1} of resource {2}",
    ),
    Invariant(
        name="exclusive where there is one unit",
        truth="A request that holds a single unit is marked as exclusive, others are not.",
        query=f"SELECT a.id, a.resource_id FROM {REQUEST} a "  # noqa: S608 - constants
        "JOIN resources_resource resource ON resource.id = a.resource_id "
        f"WHERE a.state IN ({HOLDING}) "
        "AND (CASE WHEN a.exclusive THEN 1 ELSE 0 END) "
        "<> (CASE WHEN resource.units = 1 THEN 1 ELSE 0 END)",
        says="request {0} of resource {1} has the wrong mark",
    ),
)

OWNERSHIP = (
    Invariant(
        name="the owner owns",
        truth="A request's owner and kind are its resource's.",
        query=f"SELECT a.id, a.owner_id, resource.institution_id FROM {REQUEST} a "  # noqa: S608
        "JOIN resources_resource resource ON resource.id = a.resource_id "
        "WHERE a.owner_id <> resource.institution_id OR a.kind <> resource.kind",
        says="request {0} names institution {1} as owner, the resource is of {2}",
    ),
    _of_requests(
        "nobody borrows from itself",
        "Owner and borrower differ.",
        "r.owner_id = r.borrower_id",
        "has one institution on both sides",
    ),
    Invariant(
        name="a resource stands on its own ground",
        truth="A resource is at a site of its institution and in a category of its kind.",
        query="SELECT resource.id FROM resources_resource resource "
        "JOIN medshare_portal_site site ON site.id = resource.site_id "
        "JOIN resources_category category ON category.id = resource.category_id "
        "WHERE site.institution_id <> resource.institution_id OR category.kind <> resource.kind",
        says="resource {0} has another institution's site or another kind's category",
    ),
    *(
        Invariant(
            name=f"{table} of its resource",
            truth=f"A row of {table} belongs to the institution of its resource.",
            query=f"SELECT part.id, part.resource_id FROM resources_{table} part "  # noqa: S608
            "JOIN resources_resource resource ON resource.id = part.resource_id "
            "WHERE part.institution_id <> resource.institution_id",
            says=f"{table} {{0}} names another institution than resource {{1}}",
        )
        for table in ("offer", "offeredinterval", "busyblock", "attachment")
    ),
    Invariant(
        name="offered times stand apart",
        truth="The offered times of one offer neither overlap nor touch.",
        query="SELECT offer_id, starts_at FROM (SELECT offer_id, starts_at, "
        "LAG(ends_at) OVER (PARTITION BY offer_id ORDER BY starts_at) AS before "
        "FROM resources_offeredinterval) spans WHERE before >= starts_at",
        says="offer {0}: the time from {1} meets the one before it",
    ),
    Invariant(
        name="offered no further than written",
        truth="No offered time ends after the moment up to which its offer's times are written.",
        query="SELECT span.offer_id, span.ends_at FROM resources_offeredinterval span "
        "JOIN resources_offer offer ON offer.id = span.offer_id "
        "WHERE span.ends_at > offer.expanded_until",
        says="offer {0}: a time until {1} is beyond what is written",
    ),
    Invariant(
        name="one published offer",
        truth="A resource has at most one published offer.",
        query="SELECT resource_id, COUNT(*) FROM resources_offer WHERE status = 'published' "
        "GROUP BY resource_id HAVING COUNT(*) > 1",
        says="resource {0} has {1} published offers",
    ),
)

COHERENCE = (
    _of_requests("known states", "A request's state is one of the workflow's.",
                 f"r.state NOT IN ({listed(State)})"),
    _of_requests("decisions are whole", "Who decided and when are both there, or neither.",
                 "(r.decided_at IS NULL "
                 "AND (r.decided_by_id IS NOT NULL OR r.decided_automatically)) "
                 "OR (r.decided_at IS NOT NULL AND r.decided_automatically "
                 "AND r.decided_by_id IS NOT NULL) OR (r.decided_at IS NOT NULL "
                 "AND NOT r.decided_automatically AND r.decided_by_id IS NULL)",
                 "has half a decision"),
    _of_requests("decided where the state says so", "Some states follow a decision.",
                 f"(r.state IN ({DECIDED}) AND r.decided_at IS NULL) "
                 "OR (r.state IN ('held', 'requested') AND r.decided_at IS NOT NULL)",
                 "is {1}, its decision does not fit"),
    _of_requests("a reason for every no", "Declined and cancelled requests carry a reason code.",
                 "r.state IN ('declined', 'cancelled') AND r.decision_code = ''",
                 "is {1} without a reason"),
    _of_requests("ends are dated", "A request has an end date exactly when it has ended.",
                 f"(r.state IN ({ENDED}) AND r.ended_at IS NULL) "
                 f"OR (r.state NOT IN ({ENDED}) AND r.ended_at IS NOT NULL)",
                 "is {1}, its end date does not fit"),
    _of_requests("handed over and returned", "A device that was given and returned has the times.",
                 f"(r.state IN ({HANDED_OVER}) AND r.actual_starts_at IS NULL) "
                 f"OR (r.state IN ({RETURNED}) AND (r.actual_ends_at IS NULL "
                 "OR r.actual_ends_at < r.actual_starts_at))",
                 "is {1} without its actual times"),
    _of_requests("times in order", "A request ends after it starts, within its blocked time.",
                 "r.starts_at IS NOT NULL AND (r.ends_at <= r.starts_at "
                 "OR r.blocked_from > r.starts_at OR r.blocked_until < r.ends_at)",
                 "has times out of order"),
    _of_requests("holds end", "A hold has a time at which it ends.",
                 "r.state = 'held' AND r.hold_expires_at IS NULL", "is held for ever"),
)  # fmt: skip

HISTORY = (
    Invariant(
        name="the log ends in the state",
        truth="A request's last logged step leads to the state that it is in.",
        query="SELECT r.id, r.state, step.to_state "  # noqa: S608 - constants
        f"FROM {REQUEST} r JOIN scheduling_transitionlog step ON step.sharing_request_id = r.id "
        "JOIN (SELECT sharing_request_id, MAX(id) AS last FROM scheduling_transitionlog "
        "GROUP BY sharing_request_id) final ON final.last = step.id WHERE step.to_state <> r.state",
        says="request {0} is {1}, its log ends in {2}",
    ),
    Invariant(
        name="the log has no gaps",
        truth="Each logged step starts in the state in which the one before it ended.",
        query="SELECT id, sharing_request_id FROM (SELECT id, sharing_request_id, from_state, "
        "LAG(to_state) OVER (PARTITION BY sharing_request_id ORDER BY id) AS before "
        "FROM scheduling_transitionlog) steps WHERE before IS NOT NULL AND before <> from_state",
        says="step {0} of request {1} does not start where the one before it ended",
    ),
    Invariant(
        name="nothing without a trace",
        truth="A request that holds a time has a logged step or an audit event.",
        query=f"SELECT r.id, r.state FROM {REQUEST} r WHERE r.state IN ({HOLDING}) "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM scheduling_transitionlog step "
        "WHERE step.sharing_request_id = r.id) "
        "AND NOT EXISTS (SELECT 1 FROM medshare_portal_auditevent event "
        "WHERE event.object_type = 'scheduling.sharingrequest' "
        "AND event.object_id = CAST(r.id AS VARCHAR(40)))",
        says="request {0} is {1}, and nothing says how it came to be",
    ),
    Invariant(
        name="the audit trail has no gap",
        truth="Audit events are numbered from 1 on, and each names the hash of the one before it.",
        query="SELECT chain, sequence FROM (SELECT chain, sequence, previous_hash, "
        "LAG(sequence, 1, 0) OVER (PARTITION BY chain ORDER BY sequence) AS before, "
        "LAG(hash, 1, '') OVER (PARTITION BY chain ORDER BY sequence) AS hash_before "
        "FROM medshare_portal_auditevent) events "
        "WHERE before <> sequence - 1 OR hash_before <> previous_hash",
        says="audit chain {0}: event {1} does not follow the one before it",
    ),
    Invariant(
        name="the audit heads are true",
        truth="The head of an audit chain has its last event's number and hash.",
        query="SELECT head.name, head.length FROM medshare_portal_auditchain head "
        "LEFT JOIN medshare_portal_auditevent event "
        "ON event.chain = head.name AND event.sequence = head.length "
        "WHERE (head.length > 0 AND (event.id IS NULL OR event.hash <> head.head_hash)) "
        "OR EXISTS (SELECT 1 FROM medshare_portal_auditevent later "
        "WHERE later.chain = head.name AND later.sequence > head.length)",
        says="audit chain {0}: the head says {1} events",
    ),
)

INVARIANTS = (*CAPACITY, *OWNERSHIP, *COHERENCE, *HISTORY, *BASKETS)


def breaches(using: str = "default") -> Iterator[Breach]:
    """Every row that breaks a truth, at most ``MOST_NAMED`` of each."""
    for invariant in INVARIANTS:
        with connections[using].cursor() as cursor:
            cursor.execute(f"{invariant.query} LIMIT {MOST_NAMED}")
            for row in cursor.fetchall():
                yield Breach(invariant.name, invariant.says.format(*row))
