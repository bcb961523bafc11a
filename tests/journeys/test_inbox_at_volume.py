"""An approver's morning: several at once, by finger or by keys, and a filter that stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resources.models import Equipment
from scheduling.models import SavedFilter, SharingRequest
from tests import make
from tests.journeys.people import Person, Taps

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(portal):
    """Three that pass, one with a warning."""
    owner, borrower = make.institution("renhe"), make.institution("dongbei")
    rows = []
    for hours in range(4):
        device = make.equipment(owner, last_safety_test=timezone.now().date())
        if hours == 3:
            Equipment.unscoped.filter(resource=device).update(
                status="degraded", status_note="no battery"
            )
        make.offer(device)
        now = timezone.now()
        rows.append(
            make.sharing_request(
                device,
                borrower,
                starts_at=now + 24 * HOUR,
                due_at=now + (hours + 3) * HOUR,
                agreement_accepted_at=now,
            )
        )
    return rows


def states(rows):
    found = dict(SharingRequest.unscoped.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def test_several_are_approved_by_finger_and_one_warning_with_its_reason(open_page, axe, waiting):
    person = Person(
        open_page, waiting[0].owner, roles=["approver"], language="zh-hans",
        name="approver.renhe", phone=True,
    )  # fmt: skip
    taps = Taps(page := person.go("scheduling:inbox"))
    axe(page)
    taps.click(page.locator("[data-tick-all]"), leads_on=False)
    assert page.locator("[data-batch-count]").inner_text() == "3"
    taps.click(page.locator("button[form=batch][value=approve]"))
    assert (taps.count, states(waiting)) == (2, ["approved"] * 3 + ["requested"])
    page.locator("input[data-tick]").check()
    with page.expect_navigation():
        page.locator("button[form=batch][value=approve]").click()
    axe(page)
    assert states(waiting)[3] == "requested"
    page.locator("[name^=accepted_]").fill("备用电池随机附上")
    person.submit("#decide-all")
    assert states(waiting) == ["approved"] * 4


def test_keys_walk_tick_open_and_decline_and_a_filter_is_kept(open_page, axe, waiting):
    person = Person(
        open_page, waiting[0].owner, roles=["approver"], language="en", name="approver.renhe"
    )
    page = person.go("scheduling:inbox")
    keys = page.keyboard
    keys.press("j")
    keys.press("j")
    keys.press("x")
    keys.press("Enter")
    page.locator(f"#row-{waiting[1].pk}[data-open]").wait_for()
    keys.press("o")
    page.locator(f"#row-{waiting[1].pk}:not([data-open])").wait_for()
    assert page.locator("[data-batch-count]").inner_text() == "1"  # kept while it was looked at
    keys.press("k")
    keys.press("x")
    assert page.locator("[data-batch-count]").inner_text() == "2"
    keys.press("?")
    assert page.locator("#key-help[open]").is_visible()
    axe(page)
    page.locator("#site-search").focus()
    keys.type("xdj?")  # typed into a field, keys are letters
    assert page.locator("#site-search").input_value() == "xdj?"
    page.locator(f"#row-{waiting[0].pk} a.title").focus()
    with page.expect_navigation():
        keys.press("d")
    page.locator("[name=reason_code]").select_option("own_need")
    axe(page)
    person.submit("#decide-all")
    assert states(waiting) == ["declined", "declined", "requested", "requested"]

    keys.press("f")
    page.locator("[name=verdict]").select_option("warn")
    with page.expect_navigation():
        page.locator(".filter-bar button[type=submit]").click()
    assert page.locator("[data-keys] > li").count() == 1
    with page.expect_navigation():
        page.get_by_role("link", name=person.words("Keep this filter")).click()
    page.fill("[name=name]", "Warnings")
    page.check("[name=is_default]")
    axe(page)
    person.submit("main")
    assert SavedFilter.unscoped.get().query == "verdict=warn"
    person.go("scheduling:inbox")
    assert page.url.endswith("/inbox/?verdict=warn")
