"""The recognition check on its pages: explained to others, recorded with what was said."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Code
from resources.actions.codelists import load_code_lists
from resources.kinds.information.queries.recognition import recognition_of
from resources.models import RecognitionRecord
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "a-key-of-a-form-0001"}


@pytest.fixture
def report(owner):
    load_code_lists()
    today = timezone.now().date()
    return make.asset(
        owner,
        recognised_item=Code.objects.get(system__slug="recognised-item", code="CT-HEAD"),
        performed_on=today - timedelta(days=3),
        qc_passed=True,
        qc_valid_to=today + timedelta(days=100),
        mark_scope="city",
    )


@pytest.fixture
def asker(client, other):
    person = make.user(at=other, roles=("coordinator", "information_steward"))
    client.force_login(person)
    return person


def page(other, report):
    return reverse("resources:information-recognition", args=[other.slug, report.pk])


def test_others_see_every_rule_with_its_source(client, asker, other, report):
    detail = client.get(reverse("resources:resource-detail", args=[other.slug, report.pk]))
    panel = next(p["context"] for p in detail.context["panels"] if "points" in p["context"])
    assert [point["level"] for point in panel["points"]] == ["ok"] * 5
    text = html.unescape(detail.content.decode())
    assert all(str(point["source"]) in text and point["text"] in text for point in panel["points"])


def test_recognising_keeps_what_was_said(client, asker, other, report):
    response = client.post(page(other, report), {"outcome": "recognised", "note": "seen"} | KEY)
    assert response.status_code == 302
    record = RecognitionRecord.objects.owned_by(other).get()
    assert (record.verdict, record.recognised, record.by, len(record.points)) == (
        "yes",
        True,
        asker,
        5,
    )


def test_examining_again_needs_a_reason(client, asker, other, report):
    """INF-09"""
    response = client.post(page(other, report), {"outcome": "again"} | KEY)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    answer = {"outcome": "again", "reason": "changed"} | KEY
    assert client.post(page(other, report), answer).status_code == 302
    assert RecognitionRecord.objects.owned_by(other).get().reason == "changed"


@pytest.mark.parametrize(
    ("reason", "note", "status"),
    [
        ("changed", "", 302), ("fast", "", 302), ("decisive", "", 302), ("emergency", "", 302),
        ("forensic", "", 302), ("other", "", 422), ("other", " ", 422), ("other", "Lost film", 302),
    ],
)  # fmt: skip
def test_the_reasons_are_those_of_the_measures_and_another_one_is_said(
    client, asker, other, report, reason, note, status
):
    """INF-09"""
    answer = client.post(
        page(other, report), {"outcome": "again", "reason": reason, "note": note} | KEY
    )
    assert answer.status_code == status
    if status == 422:
        assert list(answer.context["form"].errors) == ["note"]
    kept = RecognitionRecord.objects.owned_by(other).values_list("reason", "recognised")
    assert list(kept) == ([(reason, False)] if status == 302 else [])


def test_a_result_is_valid_to_the_end_of_the_citys_day(other, report):
    """INF-08: at one in the morning of Shanghai it is yesterday in UTC."""
    last_day = date(2026, 3, 10)
    report.information.performed_on = last_day
    report.information.valid_days = 0
    report.information.save()
    late = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    verdicts = [
        {point.name: point.verdict for point in recognition_of(report, other, now).points}
        for now in (late, late + timedelta(minutes=1))
    ]
    assert [found["Age of the result"] for found in verdicts] == ["yes", "no"]


def test_what_the_rules_forbid_is_not_recognised(client, asker, other, report):
    report.information.qc_passed = False
    report.information.save()
    response = client.post(page(other, report), {"outcome": "recognised"} | KEY)
    assert response.status_code == 422
    assert not RecognitionRecord.objects.owned_by(other).exists()


@pytest.mark.parametrize("bad", [{"outcome": "maybe"}, {}, {"outcome": "again", "reason": "bored"}])
def test_bad_answers_change_nothing(client, asker, other, report, bad):
    assert client.post(page(other, report), bad | KEY).status_code == 422
    assert not RecognitionRecord.objects.owned_by(other).exists()


def test_nobody_recognises_its_own_result_or_what_is_none(client, asker, other, report):
    protocol = make.asset(report.institution)
    assert client.get(page(other, protocol)).status_code == 404
    client.force_login(make.user(at=report.institution, role="coordinator"))
    assert client.get(page(report.institution, report)).status_code == 404


def test_a_record_stays_as_it_was_made(client, asker, other, report):
    client.post(page(other, report), {"outcome": "recognised"} | KEY)
    rows = RecognitionRecord.objects.owned_by(other)
    for change in (lambda: rows.update(note="x"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
