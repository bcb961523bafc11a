"""One form, one effect: the key of a form and what came with it (GEN-09)."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from medshare_portal import submissions
from medshare_portal.models import SubmittedForm
from tests import make

pytestmark = pytest.mark.django_db
KEY = "key-00000001"


def digest(query, path="/at/renhe/find/"):
    return submissions.digest_of(path, QueryDict(query))


@pytest.fixture
def sent():
    """A form that was sent once and led somewhere; returns a function that sends again."""
    person = make.user(at=make.institution("renhe"), role="coordinator")

    def send(query, *, by=person, key=KEY, path="/at/renhe/find/"):
        return submissions.claim(user=by, key=key, digest=digest(query, path), now=timezone.now())

    submission, new = send("purpose=icu")
    assert new
    submissions.answer(submission, "/at/renhe/requests/1/")
    return send


def test_the_same_form_again_leads_to_the_first_answer(sent):
    submission, new = sent("purpose=icu")
    assert (new, submission.result_url) == (False, "/at/renhe/requests/1/")


def test_a_fresh_token_of_the_page_is_no_other_content(sent):
    _submission, new = sent("purpose=icu&csrfmiddlewaretoken=abc&idempotency_key=def")
    assert not new


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("purpose=ward", "/at/renhe/find/"),
        ("purpose=icu", "/at/xihu/find/"),
        ("", "/at/renhe/find/"),
    ],
)
def test_the_key_with_other_content_is_refused_and_stores_nothing(sent, query, path):
    with pytest.raises(submissions.KeyReused):
        sent(query, path=path)
    assert SubmittedForm.objects.get().digest == digest("purpose=icu")


def test_the_key_of_somebody_else_is_a_key_of_its_own(sent):
    _submission, new = sent("purpose=ward", by=make.user("another"))
    assert new


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "ключ-ключ", "key\n0000001"])
def test_a_form_without_a_proper_key_is_refused(sent, key):
    with pytest.raises(submissions.KeyMissing):
        sent("purpose=icu", key=key)


def test_what_was_answered_is_known_only_for_the_very_same_form_of_the_same_person(sent):
    form = SubmittedForm.objects.get()
    same = {"user": form.user, "key": KEY, "digest": digest("purpose=icu")}
    stranger = make.user(at=make.institution("xihu"), role="coordinator")
    assert submissions.answered(**same) == "/at/renhe/requests/1/"
    for change in ({"user": stranger}, {"key": ""}, {"digest": digest("purpose=ward")}):
        assert submissions.answered(**same | change) == ""
