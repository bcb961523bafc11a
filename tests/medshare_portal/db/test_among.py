import pytest

from medshare_portal.db.among import Among
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make


@pytest.mark.django_db
def test_the_words_choose_the_rows_that_hold_one_of_them():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    rows = {
        state: make.sharing_request(make.equipment(owner), borrower, state=state) for state in State
    }
    chosen = SharingRequest.unscoped.filter(Among("state", ["approved", "underway"]))
    assert set(chosen) == {rows["approved"], rows["underway"]}
    others = SharingRequest.unscoped.exclude(Among("state", ["approved", "underway"]))
    assert set(others) == set(rows.values()) - set(chosen)


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_partial_index_is_used_for_its_words():
    plan = SharingRequest.unscoped.filter(blocked_from__lt="2026-11-22T08:00Z")
    holding = plan.filter(Among("state", State.HOLDS_CAPACITY)).explain()
    assert "request_holding" in holding
    assert "request_holding" not in plan.filter(state__in=State.HOLDS_CAPACITY).explain()


@pytest.mark.parametrize("words", [[], ["approved", "x' OR 1=1"]])
def test_anything_but_words_is_refused(words):
    with pytest.raises(ValueError, match="not words of ours"):
        Among("state", words)
