"""Steps of one request, as the pages post them."""

from datetime import timedelta
from itertools import count

from django.utils import timezone, translation

from tests import make

HOUR = timedelta(hours=1)
_keys = count(1)
STEPS_OF_OWNER = [
    "decide",
    "approve",
    "decline",
    "extension",
    "recall",
    "no-show",
    "handover",
    "post-check",
]
STEPS_OF_BORROWER = ["withdraw", "accept-counter", "refuse-counter", "extend", "shorten", "return"]


def loan(device, borrower, now, state, **fields):
    fields = {"starts_at": now + 24 * HOUR, "agreement_accepted_at": now} | fields
    return make.sharing_request(device, borrower, state=state, **fields)


def post(client, slug, row, step, **fields):
    return client.post(
        f"/at/{slug}/requests/{row.pk}/{step}/",
        {"idempotency_key": f"request-test-{next(_keys):05d}"} | fields,
    )


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def reasons(page):
    """Why each grey button is grey, in English."""
    with translation.override("en"):
        return {step.name: str(step.why) for step in page.context["greyed"]}
