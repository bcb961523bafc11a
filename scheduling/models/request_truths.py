"""What is never false of a sharing request, and what it is looked up by."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduling.states import Priority, Rung, State

CONSTRAINTS = [
    models.CheckConstraint(
        name="request_state_known", condition=Q(state__in=[s.value for s in State])
    ),
    models.CheckConstraint(
        name="request_priority_known",
        condition=Q(priority__in=[p.value for p in Priority]),
    ),
    models.CheckConstraint(
        name="request_not_to_oneself",
        condition=~Q(owner=F("borrower")),
        violation_error_message=_("You own this resource."),
    ),
    models.CheckConstraint(
        name="request_has_times_or_quantity",
        condition=Q(
            starts_at__isnull=False,
            ends_at__isnull=False,
            blocked_from__isnull=False,
            blocked_until__isnull=False,
            asked_starts_at__isnull=False,
            asked_ends_at__isnull=False,
            quantity__isnull=True,
            asked_quantity__isnull=True,
        )
        | Q(
            starts_at__isnull=True,
            ends_at__isnull=True,
            blocked_from__isnull=True,
            blocked_until__isnull=True,
            quantity__gt=0,
            asked_quantity__gt=0,
        ),
    ),
    models.CheckConstraint(
        name="request_ends_after_start",
        condition=Q(starts_at__isnull=True)
        | Q(
            ends_at__gt=F("starts_at"),
            blocked_from__lte=F("starts_at"),
            blocked_until__gte=F("ends_at"),
            asked_ends_at__gt=F("asked_starts_at"),
        ),
        violation_error_message=_("End must be after start."),
    ),
    models.CheckConstraint(
        name="request_units_positive", condition=Q(units__gte=1, asked_units__gte=1)
    ),
    models.CheckConstraint(
        name="request_decision_whole",
        condition=Q(decided_at__isnull=True, decided_by__isnull=True, decided_automatically=False)
        | Q(decided_at__isnull=False, decided_by__isnull=False, decided_automatically=False)
        | Q(decided_at__isnull=False, decided_by__isnull=True, decided_automatically=True),
    ),
    models.CheckConstraint(
        name="request_decided_where_state_says_so",
        condition=~Q(state__in=list(State.DECIDED)) | Q(decided_at__isnull=False),
    ),
    models.CheckConstraint(
        name="request_pending_is_undecided",
        condition=~Q(state__in=["held", "requested"]) | Q(decided_at__isnull=True),
    ),
    models.CheckConstraint(
        name="request_declined_with_reason",
        condition=~Q(state__in=["declined", "cancelled"]) | ~Q(decision_code=""),
    ),
    models.CheckConstraint(
        name="request_suspended_with_reason",
        condition=Q(suspended_at__isnull=True, suspended_reason="")
        | (Q(suspended_at__isnull=False) & ~Q(suspended_reason="")),
    ),
    models.CheckConstraint(
        name="request_escalation_known", condition=Q(escalation__in=Rung.values)
    ),
    models.CheckConstraint(
        name="request_hold_expires",
        condition=~Q(state="held") | Q(hold_expires_at__isnull=False),
    ),
    models.CheckConstraint(
        name="request_sent_when_past_hold",
        condition=Q(state__in=["held", "lapsed", "withdrawn"]) | Q(submitted_at__isnull=False),
    ),
    models.CheckConstraint(
        name="request_underway_has_started",
        condition=~Q(state__in=["underway", "finished", "closed"])
        | Q(actual_starts_at__isnull=False),
    ),
    models.CheckConstraint(
        name="request_finished_has_ended",
        condition=~Q(state__in=["finished", "closed"])
        | Q(actual_ends_at__isnull=False, actual_ends_at__gte=F("actual_starts_at")),
    ),
    models.CheckConstraint(
        name="request_ended_where_state_says_so",
        condition=Q(state__in=list(State.ENDED), ended_at__isnull=False)
        | (~Q(state__in=list(State.ENDED)) & Q(ended_at__isnull=True)),
    ),
]
INDEXES = [
    models.Index(fields=["decided_at"], name="request_by_decision"),
    models.Index(fields=["resource", "blocked_from", "blocked_until"], name="request_of_resource"),
    models.Index(fields=["borrower", "blocked_from", "blocked_until"], name="request_borrowed"),
    models.Index(
        fields=["blocked_from"],
        condition=Q(state__in=list(State.HOLDS_CAPACITY)),
        name="request_holding",
    ),
    models.Index(
        fields=["resource", "blocked_until"],
        condition=Q(state__in=list(State.HOLDS_CAPACITY)),
        name="request_taking",
    ),
    models.Index(
        fields=["resource", "blocked_until"],
        condition=Q(state="requested", hold_expires_at__isnull=False),
        name="request_promised",
    ),
    models.Index(fields=["blocked_from", "resource"], name="request_by_day"),
    models.Index(fields=["owner", "state", "due_at"], name="request_owner_inbox"),
    models.Index(fields=["borrower", "state", "due_at"], name="request_borrower_inbox"),
    models.Index(fields=["owner", "-created_at"], name="request_owner_recent"),
    models.Index(fields=["borrower", "-created_at"], name="request_borrower_recent"),
    models.Index(
        fields=["series", "starts_at"],
        condition=Q(series__isnull=False),
        name="request_of_series",
    ),
    models.Index(fields=["need"], condition=Q(need__isnull=False), name="request_of_need"),
    models.Index(
        fields=["state", "ends_at"],
        condition=Q(state__in=list(State.OPEN)),
        name="request_open_by_end",
    ),
]
