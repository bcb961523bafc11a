from pathlib import Path

import polib
import pytest
from django.conf import settings

from medshare_portal.gettext_tools import catalogue
from medshare_portal.gettext_tools.extract import texts

CHINESE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def chinese():
    return polib.pofile(str(CHINESE), encoding="utf-8")


def test_every_text_of_the_source_is_translated_with_the_same_placeholders():
    known = catalogue.translations([CHINESE])
    merged = catalogue.merged(texts(Path(settings.BASE_DIR)), known)
    assert list(catalogue.faults(merged)) == []


def test_the_catalogue_holds_no_text_that_the_source_no_longer_has(chinese):
    in_source = {text.key for text in texts(Path(settings.BASE_DIR))}
    in_catalogue = {(entry.msgctxt or "", entry.msgid) for entry in chinese}
    assert in_catalogue - in_source == set()


def test_the_catalogue_marks_nothing_as_fuzzy_or_obsolete(chinese):
    assert [entry.msgid for entry in chinese if entry.fuzzy or entry.obsolete] == []
