import gettext

import pytest

from medshare_portal.gettext_tools import catalogue
from medshare_portal.gettext_tools.extract import Text

PART = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Offer"
msgstr "共享发布"

msgctxt "verb"
msgid "Open"
msgstr "打开"

msgid "%(n)s device"
msgid_plural "%(n)s devices"
msgstr[0] "%(n)s 台设备"

#, fuzzy
msgid "Need"
msgstr "也许是需求"
"""


@pytest.fixture
def part(tmp_path):
    path = tmp_path / "part.po"
    path.write_text(PART, encoding="utf-8")
    return path


def test_translations_are_read_by_context_and_text_without_the_fuzzy_ones(part):
    assert catalogue.translations([part]) == {
        ("", "Offer"): "共享发布",
        ("verb", "Open"): "打开",
        ("", "%(n)s device"): "%(n)s 台设备",
    }


def test_a_merged_catalogue_holds_the_texts_of_the_source_sorted_and_no_others(part):
    texts = {
        Text("Offer"): {"b.py", "a.py"},
        Text("%(n)s device", plural="%(n)s devices"): {"c.html"},
        Text("New"): {"d.py"},
    }
    merged = catalogue.merged(texts, catalogue.translations([part]))
    assert [entry.msgid for entry in merged] == ["%(n)s device", "New", "Offer"]
    assert [entry.occurrences for entry in merged][2] == [("a.py", ""), ("b.py", "")]


def test_a_text_with_a_plural_and_the_same_text_without_are_one_entry():
    texts = {Text("%(n)s day"): {"a.py"}, Text("%(n)s day", plural="%(n)s days"): {"b.py"}}
    merged = catalogue.merged(texts, {("", "%(n)s day"): "%(n)s 天"})
    assert [(entry.msgid_plural, entry.msgstr_plural) for entry in merged] == [
        ("%(n)s days", {0: "%(n)s 天"})
    ]


@pytest.mark.parametrize(
    ("text", "translation", "faults"),
    [
        (Text("Offer"), "共享发布", []),
        (Text("Offer"), "", ["not translated: 'Offer'"]),
        (Text("From %(a)s"), "从%(a)s", []),
        (Text("From %(a)s"), "从%(b)s", ["other placeholders: 'From %(a)s' → '从%(b)s'"]),
        (Text("{n} left"), "剩余", ["other placeholders: '{n} left' → '剩余'"]),
        (Text("one device", plural="%(n)s devices"), "%(n)s 台设备", []),
        (Text("100%% of %(a)s"), "%(a)s的 100%%", []),
    ],
)
def test_a_fault_is_a_missing_translation_or_another_placeholder(text, translation, faults):
    merged = catalogue.merged({text: {"a.py"}}, {text.key: translation})
    assert list(catalogue.faults(merged)) == faults


def test_compile_folder_writes_what_gettext_reads_and_only_when_it_changed(part, tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    part.rename(folder / "django.po")
    assert catalogue.compile_folder(tmp_path) == [folder / "django.po"]
    assert catalogue.compile_folder(tmp_path) == []
    with (folder / "django.mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Offer") == "共享发布"
    assert chinese.pgettext("verb", "Open") == "打开"
    assert chinese.gettext("Need") == "Need"
