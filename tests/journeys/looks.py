"""What is wrong with the look of a page.

The short form opens each page in one of the languages, turn by turn; MEDSHARE_PAGES=all is the
long form, with all of them in both.
"""

import os

from axe_playwright_python.sync_playwright import Axe

LONG = os.environ.get("MEDSHARE_PAGES") == "all"
# What is well is not gathered: on a long table that takes longer than looking.
EVERYTHING = {"resultTypes": ["violations"]}
DARK_ONLY = EVERYTHING | {"runOnly": ["color-contrast"]}
PHONE_WIDTH = 390
# Everything but what a list may scroll by itself.
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 2"


def faults_of(page, language, addresses):
    """In the short form turn by turn: the one language has the even pages, the other the odd."""
    english, found = language == "en", []
    for number, address in enumerate(addresses):
        if LONG:
            themes = {"light", "dark"} if english else {"light"}  # colours know no language
            found += _faults(page, address, themes)
        elif english is (number % 2 == 0):
            found += _faults(page, address, {"light", "dark"})
    return found


def _faults(page, address, themes):
    """What is wrong with a page, as short lines; the scripts' errors fail the test by themselves."""
    status = page.goto(address).status
    if status != 200:
        return [f"{address}: {status}"]
    found = _axe(page, address, EVERYTHING) if "light" in themes else []
    if "dark" in themes:
        found += _in_the_dark(page, address)
    return found + _too_wide(page, address)


def _in_the_dark(page, address):
    page.emulate_media(color_scheme="dark")
    if address.startswith("/admin/"):
        page.wait_for_timeout(200)  # the registry fades its colours
    found = _axe(page, f"{address} (dark)", DARK_ONLY)
    page.emulate_media(color_scheme="light")
    return found


def _axe(page, address, options):
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{address}: {violation['id']} at {node['target']}: {node['html'][:120]}"
        for violation in violations
        for node in violation["nodes"][:2]
    ]


def _too_wide(page, address):
    if address.startswith("/admin/"):
        return []
    desk = page.viewport_size
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    wide = page.evaluate(TOO_WIDE)
    page.set_viewport_size(desk)
    return [f"{address}: wider than a phone"] if wide else []
