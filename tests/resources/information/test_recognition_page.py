"""The recognition check on its pages: explained to others, recorded with what was said."""

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Code
from resources.actions.codelists import load_code_lists
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
    response = client.post(page(other, report), {"outcome": "again"} | KEY)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    answer = {"outcome": "again", "reason": "changed"} | KEY
    assert client.post(page(other, report), answer).status_code == 302
    assert RecognitionRecord.objects.owned_by(other).get().reason == "changed"


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
