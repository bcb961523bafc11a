"""Steps of a loan, with values that pass every rule."""

from datetime import timedelta

from scheduling.actions import decisions, handovers, requests
from scheduling.queries.handover_facts import checklist
from scheduling.states import Stage

HOUR = timedelta(hours=1)


def terms(now, **changes):
    values = {
        "starts_at": now + 24 * HOUR,
        "ends_at": now + 48 * HOUR,
        "purpose": "Our own unit failed its test.",
        "agreement_accepted": True,
    }
    return requests.RequestTerms(**values | changes)


def ask(city, now, **changes):
    return requests.ask(
        resource=city.resource,
        borrower=city.borrower,
        terms=terms(now, **changes),
        by=city.asker,
        now=now,
    )


def approve(city, request, now, **changes):
    return decisions.approve(sharing_request=request, by=city.approver, now=now, **changes)


def record(stage=Stage.HANDOVER, **changes):
    codes = [code for code, _label in checklist("equipment", stage)]
    values = {
        "checklist": dict.fromkeys(codes, True),
        "decontaminated": True,
        "decontamination_record": "C-77",
    }
    return handovers.HandoverRecord(**values | changes)
