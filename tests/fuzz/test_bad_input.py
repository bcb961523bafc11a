"""No input makes the portal answer with a 5xx."""

import itertools
import os
import random
from urllib.parse import urlencode

import pytest

from resources.models import Resource
from scheduling.invariants import breaches
from scheduling.models import SharingRequest
from tests.fuzz import addresses, bad_values

pytestmark = pytest.mark.django_db
# Signing out in the middle would turn every later answer into the sign-in page.
ROUTES = sorted(route for route in set(addresses.patterns()) if not route.endswith("sign-out/"))
SEED = int(os.environ.get("MEDSHARE_FUZZ_SEED", "1"))
# Of each address; MEDSHARE_FUZZ_ROUNDS=60 is the long form.
FEW = 3
QUERIES = int(os.environ.get("MEDSHARE_FUZZ_ROUNDS", FEW))
PER_FORM = max(FEW, QUERIES // 5)


def ids(marked_city):
    """Of our own, of the other side, of nobody, and beyond every column."""
    device = marked_city.b.devices[2].pk
    request = SharingRequest.unscoped.filter(owner=marked_city.b.institution).last().pk
    own = Resource.unscoped.filter(institution=marked_city.a.institution).first().pk
    return [own, device, request, 0, 2**31, 2**63, 10**30]


def own_numbers(marked_city, route):
    """Numbers that a form at the route is about: things of its kind, ours and asked of us."""
    words = {"/medicine": "medicine", "/information": "information", "/staff": "staff"}
    kind = next((kind for word, kind in words.items() if word in route), "equipment")
    sharing = SharingRequest.unscoped.filter(kind=kind).order_by("-pk")
    own = Resource.unscoped.filter(institution=marked_city.a.institution, kind=kind)
    asked = sharing.filter(owner=marked_city.a.institution)
    borrowed = sharing.filter(borrower=marked_city.a.institution)
    rows = [own.first(), asked.filter(state="requested").first(), asked.first(), borrowed.first()]
    return sorted({row.pk for row in rows})


def failures(client, calls):
    """(what was asked, status) of every answer that is a server's fault."""
    found = []
    for method, path, options in calls:
        answer = client.generic(method, path, **options)
        if getattr(answer, "streaming", False):
            b"".join(answer.streaming_content)
        if answer.status_code >= 500:
            found.append((method, path[:200], str(options)[:200], answer.status_code))
    return found


def posted(fields):
    """A form as multipart would be too friendly to: NUL bytes and all, percent-encoded."""
    return {
        "data": urlencode(fields),
        "content_type": "application/x-www-form-urlencoded",
    }


def test_strange_ids_and_methods_are_never_a_servers_fault(marked_city, browser_of, logged_errors):
    client, numbers = browser_of("canary-a"), ids(marked_city)
    paths = [path for route in ROUTES for path in addresses.filled(route, "canary-a", numbers)] + [
        path for route in ROUTES for path in addresses.filled(route, "canary-b", numbers[:1])
    ]
    assert failures(client, [("GET", path, {}) for path in paths]) == []
    client = browser_of("canary-a")
    calls = itertools.product(bad_values.METHODS, paths[:: len(paths) // 40 or 1], [{}])
    assert failures(client, calls) == []


def queries(number):
    """Random malformed queries."""
    pick = random.Random(SEED)
    for _n in range(number):
        names = pick.sample(bad_values.NAMES, 3)
        yield {name: pick.choice(bad_values.VALUES)[:5000] for name in names}


def asked_with_queries(client, slug, numbers, number):
    calls = []
    for route in ROUTES:
        if "photos" in route or "files" in route:
            continue
        path = addresses.filled(route, slug, numbers[:1])[0]
        calls += [("GET", f"{path}?{urlencode(query)}", {}) for query in queries(number)]
    return failures(client, calls)


def test_malformed_queries_are_never_a_servers_fault(marked_city, browser_of, logged_errors):
    numbers = ids(marked_city)
    assert asked_with_queries(browser_of("canary-a"), "canary-a", numbers, QUERIES) == []


FORM_NAMES = (
    *("starts_at", "ends_at", "units", "priority", "mode", "purpose", "delivery_site", "decision"),
    *("version", "part_starts_at", "part_ends_at", "part_units", "counter_starts_at", "text"),
    *("counter_ends_at", "counter_units", "counter_resource", "counter_fee", "reason_code"),
    *("new_ends_at", "reason", "agree", "answer", "hold", "do", "counter_reading", "name_en"),
    *("receiver_name", "photos", "note", "chosen", "requests", "code", "site", "category", "file"),
    *("quantity", "expected_on", "accepted", "rejected", "lost", "scan", "lot_no", "expiry_date"),
    *("coldest", "warmest", "excursion_minutes", "temperature_record", "difference_reason"),
    *("seal_no", "courier", "logger_no", "recalls_checked", "approval_no", "reference"),
    *("purpose_of_use", "legal_basis", "recipient_role", "scope", "scope_text", "until", "looks"),
    *("cohort", "consent_ref", "assessment_ref", "contract_ref", "agreed", "verdict", "title"),
    *("max_days", "max_looks", "retention_days", "agreement_en", "suppress", "before"),
    *("worked_from", "worked_until", "break_minutes", "valid_from", "valid_until", "evidence"),
    *("detail-lot_no", "detail-expiry_date", "detail-pack_size", "detail-person_name"),
    *("language", "theme", "next", "username", "password", "email", "full_name", "phone"),
)


def forms(number):
    pick = random.Random(SEED + 1)
    for n in range(number):
        fields = {name: pick.choice(bad_values.VALUES)[:20_000] for name in FORM_NAMES}
        if n % 3:
            fields["idempotency_key"] = f"fuzz-key-{SEED}-{n}-{pick.random()}"
        yield fields


def post_forms(client, marked_city, slug, number):
    calls = []
    for route in ROUTES:
        for path in addresses.filled(route, slug, own_numbers(marked_city, route)):
            calls += [("POST", path, posted(fields)) for fields in forms(number)]
    found = failures(client, calls)
    assert list(breaches()) == []
    return found


def test_malformed_forms_are_never_a_servers_fault(marked_city, browser_of, logged_errors):
    assert post_forms(browser_of("canary-a"), marked_city, "canary-a", PER_FORM) == []


def test_odd_bodies_are_never_a_servers_fault(marked_city, browser_of, logged_errors):
    client, numbers = browser_of("canary-a"), ids(marked_city)
    paths = [addresses.filled(route, "canary-a", numbers[:1])[0] for route in ROUTES]
    bodies = (b"", b"\xff\xfe\x00", b"a=%ff%fe", b"=" * 3000, b"x=" + b"y" * 1_000_000)
    calls = [
        ("POST", path, {"data": body, "content_type": kind})
        for path in paths
        for kind, body in zip(bad_values.CONTENT_TYPES, itertools.cycle(bodies), strict=False)
    ]
    assert failures(client, calls) == []
