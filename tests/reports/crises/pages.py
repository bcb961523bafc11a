"""What an official types into the pages of a crisis."""

import secrets
from datetime import timedelta

from django.utils import timezone

from medshare_portal.models import Crisis
from medshare_portal.submissions import FIELD
from scheduling.states import Priority
from tests import make

HOUR = timedelta(hours=1)
DECLARED = {
    "name_en": "Flood in the south",
    "name_zh": "南部洪灾",
    "reason": "The southern pumps failed.",
    "where": "city",
    "kinds": ["equipment"],
    "relaxed": ["wider-visibility", "city-approval", "shorter-notice"],
    "hours": "72",
    "wait_minutes": "0",
}


def post(client, address, data, key=""):
    return client.post(address, data | {FIELD: key or secrets.token_hex(8)})


def declare(client, key="", **changes):
    return post(client, "/city/crises/declare/", DECLARED | {"confirmed": "on"} | changes, key)


def emergency(owner, borrower, **fields):
    device = make.equipment(owner, last_safety_test=timezone.localdate())
    make.offer(device)
    values = {"priority": Priority.STAT, "agreement_accepted_at": timezone.now()}
    return make.sharing_request(device, borrower, **values | fields)


def end(crisis):
    """Past its automatic end."""
    gone = timezone.now()
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=gone, is_open=False, ended_at=gone)
