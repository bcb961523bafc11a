"""Pages in headless Chromium that fail the test on a CSP violation, a script error or a 5xx."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # No host but this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Chromium prints this for every answer >= 400, also where a page means to say so.
ANSWER_WAS_AN_ERROR = "Failed to load resource"
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  `CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`
));
"""


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("MEDSHARE_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("no Chromium: install it or name it in MEDSHARE_CHROMIUM (`make test` does)")
    # Playwright keeps an event loop in this thread, under which Django would refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_faults():
    """What went wrong in the test's pages; whatever is left in it at the end fails the test."""
    return []


@pytest.fixture
def open_page(chromium, portal, browser_faults):
    """A function that opens a page as another person would see it, each with own cookies."""
    contexts = []

    def open_page(*, language="en", dark=False, phone=False, javascript=True):
        context = chromium.new_context(
            base_url=portal.url,
            locale="zh-CN" if language.startswith("zh") else "en-GB",
            color_scheme="dark" if dark else "light",
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_VIOLATIONS)
        contexts.append(context)
        _listen(context, portal.url, browser_faults)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    if browser_faults:
        pytest.fail("in the browser:\n" + "\n".join(browser_faults), pytrace=False)


@pytest.fixture
def browser_page(open_page):
    """An English, light page on a desk."""
    return open_page()


def _listen(context, url, faults):
    def console(message):
        if message.type == "error" and ANSWER_WAS_AN_ERROR not in message.text:
            faults.append(f"{message.page.url}: {message.text}")

    def response(answer):
        asset = answer.request.resource_type in {"stylesheet", "script", "image", "font"}
        if answer.status >= 500 or (asset and answer.status >= 400):
            faults.append(f"{answer.status} {answer.url}")

    def request(asked):
        if not asked.url.startswith((url, "data:", "blob:")):
            faults.append(f"asked another host: {asked.url}")

    context.on("console", console)
    context.on("response", response)
    context.on("request", request)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))


@pytest.fixture
def axe():
    """A function that asserts that axe finds nothing wrong with a page that may run scripts."""

    def assert_accessible(page):
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return assert_accessible
