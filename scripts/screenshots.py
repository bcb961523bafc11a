"""`make screenshots`: pictures of the main pages for docs/screenshots.md, from a demo city.

Starts the demo on a free port of this machine with data of its own – or with those of
MEDSHARE_VAR – and ends it.  Chromium draws; nothing but this machine is asked.
"""

import base64
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import environment
import machine
from shots import SHOTS, Shot

FOLDER = environment.ROOT / "docs" / "pictures"
INDEX = environment.ROOT / "docs" / "screenshots.md"
MOST_BYTES = 2_000_000
SECONDS_TO_START = 1800
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
QUALITY = 80
HEAD = """# Screenshots

The main pages in a demo city, in both languages. Made by `make screenshots`; nobody in them exists.
"""


class CannotDraw(Exception):
    """No pictures here; the message says why."""


@dataclass(frozen=True)
class Portal:
    url: str
    password: str


def main() -> int:
    try:
        chromium = machine.chromium()
        if chromium is None:
            raise CannotDraw("There is no Chromium: install it or name it in MEDSHARE_CHROMIUM.")
        with _demo() as portal, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
            for shot in wanted:
                _draw(browser, portal, shot)
            browser.close()
        INDEX.write_text(_index(), encoding="utf-8")
        size = sum((FOLDER / shot.file).stat().st_size for shot in SHOTS)
        print(f"{len(SHOTS)} pictures, {size / 1000:.0f} kB")
        if size > MOST_BYTES:
            raise CannotDraw(f"The pictures have more than {MOST_BYTES} bytes.")
    except CannotDraw as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _demo() -> Iterator[Portal]:
    """A served demo city; its data go with it unless MEDSHARE_VAR names a folder."""
    with contextlib.ExitStack() as stack:
        var = os.environ.get("MEDSHARE_VAR") or stack.enter_context(tempfile.TemporaryDirectory())
        log, port = Path(var) / "screenshots.log", _free_port()
        process = subprocess.Popen(
            [environment.PYTHON, "scripts/demo.py"], cwd=environment.ROOT, stdout=log.open("w"),
            env=os.environ | {"MEDSHARE_VAR": var, "PORT": str(port)},
        )  # fmt: skip
        try:
            yield Portal(f"http://127.0.0.1:{port}", _password(process, log))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _password(process: subprocess.Popen, log: Path) -> str:
    """Printed once the portal answers; making the city takes some minutes."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"Password of all.*?:\s+(\S+)", log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(1)
    raise CannotDraw("The demo did not start: " + log.read_text(encoding="utf-8")[-500:])


def _draw(browser: Browser, portal: Portal, shot: Shot) -> None:
    context = browser.new_context(
        base_url=portal.url,
        locale="zh-CN" if shot.chinese else "en-GB",
        color_scheme="dark" if shot.dark else "light",
        viewport=(PHONE if shot.phone else DESK) | ({"height": shot.height} if shot.height else {}),
        has_touch=shot.phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    _sign_in(page, portal, shot)
    _go(page, shot.address)
    for selector in shot.follow:
        _go(page, _address(page, selector, shot))
    if shot.paper:
        page.emulate_media(media="print")
    _save(page, shot)
    context.close()


def _sign_in(page: Page, portal: Portal, shot: Shot) -> None:
    page.goto("/account/sign-in/")
    page.fill("[name=username]", shot.account)
    page.fill("[name=password]", portal.password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    _speak(page, "zh-hans" if shot.chinese else "en")


def _speak(page: Page, language: str) -> None:
    """Accounts of the demo have a language of their own; on a phone its switch is in the menu."""
    button = f"button[name=language][value={language}]"
    with page.expect_navigation():
        page.eval_on_selector(button, "button => button.click()")


def _go(page: Page, address: str) -> None:
    status = page.goto(address).status
    if status != 200:
        raise CannotDraw(f"{address}: {status}")


def _address(page: Page, selector: str, shot: Shot) -> str:
    found = page.query_selector(selector)
    if found is None:
        raise CannotDraw(f"{shot.name}: {page.url} has no {selector}")
    return found.get_attribute("href")


def _save(page: Page, shot: Shot) -> None:
    """As WebP, which Playwright itself does not write."""
    if shot.scroll_to:
        page.eval_on_selector(shot.scroll_to, "element => element.scrollIntoView()")
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (FOLDER / shot.file).write_bytes(base64.b64decode(picture["data"]))
    print(shot.file, flush=True)


def _index() -> str:
    parts = [
        f"## {shot.title}\n\n{shot.says}\n\n![{shot.title}](pictures/{shot.file})\n"
        for shot in SHOTS
    ]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    sys.exit(main())
