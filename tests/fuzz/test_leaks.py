"""Nothing that is its owner's alone shows on any page or in any export of somebody else."""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urldefrag, urljoin

import openpyxl
import pytest
from django.apps import apps

from demo.marks import SHORTEST, fitting, free_texts, mark
from medshare_portal.visibility import Reader, readers
from scheduling.models import RunRecord

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOST_PAGES = 400
# Calendars lead on for ever; of each page so many variants of its query are enough.
VARIANTS = 5
UNMARKED = ("/account/sign-out", "/static/", "/admin/")


def forbidden(letter, *allowed):
    """The marks of columns that none of these readers may read, as the rows hold them."""
    models = [
        model
        for label in ("resources", "scheduling", "reports", "medshare_portal")
        for model in apps.get_app_config(label).get_models()
    ]
    marks = {
        fitting(letter, model, field)
        for model in models
        for field in free_texts(model)
        if not readers(f"{model._meta.app_label}.{model.__name__}.{field.name}") & set(allowed)
    }
    # What a round's problem holds is in no column of text, and nobody's to read.
    marks.add(mark(letter, RunRecord, "problem"))
    return {each for each in marks if len(each) >= SHORTEST}


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.found += [values[name] for name in ("href", "src", "hx-get") if values.get(name)]


def crawl(client, start):
    """(address, text) of every page that can be reached by links."""
    waiting, seen, variants = deque([start]), {start}, Counter()
    while waiting and len(seen) < MOST_PAGES * VARIANTS:
        address = waiting.popleft()
        answer = client.get(address)
        text = text_of(answer)
        yield address, text
        if answer.get("Content-Type", "").startswith("text/html"):
            links = Links()
            links.feed(text)
            for link in links.found:
                path = urldefrag(urljoin(address, link))[0]
                if not path.startswith("/") or path in seen or path.startswith(UNMARKED):
                    continue
                seen.add(path)
                variants[path.partition("?")[0]] += 1
                if variants[path.partition("?")[0]] <= VARIANTS:
                    waiting.append(path)


def text_of(answer):
    """What a person can read in it, also in a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheetml" in answer.get("Content-Type", ""):
        sheets = openpyxl.load_workbook(BytesIO(body)).worksheets
        return "\n".join(str(row) for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return body.decode("utf-8", "replace") + answer.get("Location", "")


def leaks(client, start, marks):
    return {(address, text) for address, page in crawl(client, start) for text in held(page, marks)}


def held(page, marks):
    """The marks in a text, also those that it shows cut off: ``CANARY-B-sharingrequest-dec…``."""
    cut = tuple(found for found in re.findall(r"(CANARY-[AB]-\w+-\w*)…", page))
    return {each for each in marks if each in page or each.startswith(cut)}


def test_a_mark_is_told_from_every_other_also_where_its_column_is_short():
    marks = forbidden("A") | forbidden("B")
    short = {each for each in marks if "-" not in each.removeprefix("CANARY-A-")}
    short = {each for each in short if each.startswith("CANARY-A-")}
    assert len(short) > 5
    assert [one for one in marks for other in short if one != other and other in one] == []


def test_a_mark_that_is_cut_off_is_noticed():
    marks = {"CANARY-B-sharingrequest-decision_text", "CANARY-B-staffmember-person_name"}
    assert held("<td>CANARY-B-sharingrequest-deci…</td>", marks) == {min(marks)}
    assert held("<td>CANARY-A-sharingrequest-deci…</td>", marks) == set()


def test_the_crawl_reaches_exports_and_would_notice_a_mark(marked_city, browser_of):
    pages = dict(crawl(browser_of("canary-a"), "/at/canary-a/"))
    assert len(pages) > 30
    assert any("export" in address for address in pages)
    assert any("CANARY-A" in page for page in pages.values())
    assert any("CANARY-B" in page for page in pages.values())
    for kind in ("medicine", "information", "staff"):
        theirs = f"CANARY-B-resource-code-{kind}"
        shown = {address for address, page in pages.items() if theirs in page}
        assert any("/resources/" in address for address in shown), kind
        assert any("/requests/" in address for address in shown), kind


def test_a_counterpart_sees_nothing_that_is_its_owners_alone(marked_city, browser_of):
    marks = forbidden("B", Reader.COUNTERPART, Reader.OTHERS)
    assert len(marks) > 5
    assert leaks(browser_of("canary-a"), "/at/canary-a/", marks) == set()


def test_a_stranger_sees_only_what_everybody_may(marked_city, browser_of):
    marks = forbidden("B", Reader.OTHERS) | forbidden("A", Reader.OTHERS)
    assert leaks(browser_of("stranger"), "/at/stranger/", marks) == set()
