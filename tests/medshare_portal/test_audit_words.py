"""What the audit trail says in words."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from medshare_portal.audit_words import action_words, areas, codes_of, facts_in_words, joined
from medshare_portal.models import AuditEvent


def words(action, data, object_type="scheduling.sharingrequest"):
    event = AuditEvent(action=action, object_type=object_type, data=data)
    return joined(facts_in_words(event))


def test_every_action_and_fact_has_words_in_both_languages():
    for area in areas:
        facts = [fact.label for fact in area.facts.values() if fact]
        for text in [area.label, *area.actions.values(), *facts]:
            with translation.override("zh-hans"):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in str(text)), text


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("request.ask", "Request sent"),
        ("offer.published", "Offer published"),
        ("offer-published", "Offer published"),  # as older events are stored
        ("blocks-imported", "Calendar imported"),
        ("sessions-ended", "All sessions of a person ended"),
        ("what.ever", "what.ever"),
        ("request.", "request."),
        ("", ""),
    ],
)
def test_an_action_is_told_in_words_and_an_unknown_one_as_it_is(code, shown):
    assert action_words(code) == shown


@pytest.mark.parametrize(
    ("code", "facts", "shown"),
    [
        ("request.return", {"kind": "information"}, "Access ended"),
        ("request.hand_over", {"kind": "information"}, "Opened for the first time"),
        ("request.hand_over", {"kind": "medicine"}, "Dispatched"),
        ("request.hand_over", {"kind": "equipment"}, "Handed over and received"),
        ("request.hand_over", {"state": ["approved", "underway"]}, "Handed over and received"),
        ("request.hand_over", {"kind": "of another age"}, "Handed over and received"),
    ],
)
def test_a_step_has_the_words_of_its_kind(code, facts, shown):
    assert action_words(code, facts) == shown


def test_a_filter_finds_old_codes_too():
    assert codes_of("offer.withdrawn") == ["offer.withdrawn", "offer-withdrawn"]
    assert codes_of("block") == ["block.added", "block.removed", "block-added", "block-removed"]
    assert codes_of("x") == ["x"]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"state": ["", "requested"], "reason": ""}, "State: Requested"),
        ({"state": ["requested", "approved"]}, "State: Requested → Approved"),
        ({"state": ["approved", "approved"]}, ""),
        ({"reason": "own_need"}, "Reason: We need it ourselves"),
        ({"problem": True}, "Problem: yes"),
        ({"given_to": "EQ-7"}, "Given to: EQ-7"),
        ({"consent": "home"}, "Consent: Agreement of the home employer"),
        ({"consent": "of-another-kind"}, "Consent: of-another-kind"),
        ({"colour": ["red", ""]}, "colour: red → none"),
        ({}, ""),
    ],
)
def test_states_and_facts_of_a_request_are_words(data, shown):
    assert words("request.approve", data) == shown


def test_moments_are_local_in_the_readers_language():
    moment = datetime(2026, 11, 24, 4, tzinfo=UTC).isoformat()
    with timezone.override("Asia/Shanghai"):
        assert words("request.ask", {"starts_at": [None, moment]}) == (
            "From: Tue 24 Nov 2026, 12:00"
        )
        with translation.override("zh-hans"):
            assert words(
                "request.ask", {"state": ["", "requested"], "ends_at": [None, moment]}
            ) == ("状态：待审批；到：2026/11/24 周二 12:00")


def test_columns_are_called_and_read_as_in_the_forms():
    data = {
        "loan": ["True", "False"],
        "next_pm_due": ["", "2027-01-31"],
        "condition": ["good", "worn"],
    }
    assert words("resource.revised", data, "resources.resource") == (
        "May be lent: yes → no; Next maintenance due: 31 Jan 2027; Condition: Good → Worn, works"
    )


def test_an_offers_changes_and_an_exports_filters_are_told_without_keys():
    data = {
        "resource": 5,
        "visibility": "all",
        "replaces": 7,
        "changes": {"notice_hours": ["4", "8"]},
    }
    assert words("offer-revised", data, "resources.offer") == (
        "Visible to: All institutions of the city; Minimum notice, hours: 4 → 8"
    )
    data = {"kind": "equipment", "format": "csv", "filters": [["q", "pump"], ["mode", "loan"]]}
    assert words("resources.exported", data, "medshare_portal.institution") == (
        "Kind: Equipment; Format: CSV; Filters: q=pump, mode=loan"
    )


def test_rows_of_the_registry_say_which_and_what():
    rows = [
        {"type": "medshare_portal.institution", "which": "Renhe", "changes": {"beds": ["1", "7"]}}
    ]
    assert words("registry.changed", {"rows": rows}, "medshare_portal.institution") == (
        "Renhe: Beds: 1 → 7"
    )
    imported = {
        "table": "x",
        "sha256": "f0",
        "new": ["a", "b"],
        "updated": {"c": {"beds": ["1", "2"]}},
    }
    assert words("registry-imported", imported) == "New rows: 2; Changed rows: 1"


@pytest.mark.parametrize("value", ["tomorrow", 7, None, ["x", "y"], {"a": 1}])
def test_a_fact_that_is_not_what_it_should_be_is_still_shown(value):
    assert isinstance(words("request.ask", {"starts_at": value, "state": value}), str)
