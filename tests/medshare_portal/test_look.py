"""The style sheets and the sprite keep their promises."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def _declarations(block):
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def test_dark_by_choice_and_dark_by_the_device_are_the_same():
    tokens = (CSS / "tokens.css").read_text()
    chosen = re.search(r'\[data-bs-theme="dark"\] \{(.*?)\n  \}', tokens, re.S).group(1)
    by_device = re.search(r'\[data-bs-theme="auto"\] \{(.*?)\n  \}', tokens, re.S).group(1)
    assert _declarations(chosen)
    assert _declarations(chosen) == _declarations(by_device)


def test_every_colour_that_is_used_is_a_token():
    tokens = set(_declarations((CSS / "tokens.css").read_text()))
    used = set()
    for sheet in CSS.glob("*.css"):
        used |= set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text()))
    assert {name for name in used if not name.startswith("--bs-")} - tokens == set()


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = set(
        re.findall(r'<symbol id="([\w-]+)"', (CSS.parent / "img" / "icons.svg").read_text())
    )
    named = set()
    for page in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', page.read_text()))
    assert named - sprite == set()


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_no_template_holds_inline_style_or_script(page):
    text = page.read_text()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=\"", text)
