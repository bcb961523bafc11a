"""The catalogue: who sees what, filters, counts, columns, bad addresses."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from resources.models import Resource
from resources.search import search_text_for
from tests import make

pytestmark = pytest.mark.django_db
URL = "/at/renhe/resources/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def renhe():
    return make.institution("renhe", district_en="Gulou", district_zh="鼓楼区")


@pytest.fixture
def other():
    far = make.institution("dongbei", district_en="Xihu", district_zh="西湖区", with_site=False)
    make.site(far, is_main=True, latitude=30.36, longitude=120.15)  # 10.0 km north
    return far


@pytest.fixture
def reader(client, renhe):
    client.force_login(make.user("viewer", at=renhe, role="viewer"))
    return client


def codes(response):
    return re.findall(r'</a><span class="meta">([^<]+)</span></th>', response.content.decode())


def test_own_drafts_and_others_visible_resources_are_listed(reader, renhe, other):
    make.equipment(renhe, code="OWN-DRAFT", status="draft", visibility="private")
    make.equipment(other, code="THEIRS")
    make.equipment(other, code="PRIVATE", visibility="private")
    make.equipment(other, code="DRAFT", status="draft")
    make.equipment(other, code="STALE", confirmed_at=timezone.now() - timedelta(days=31))
    make.equipment(renhe, code="OWN-STALE", confirmed_at=timezone.now() - timedelta(days=31))
    assert set(codes(reader.get(URL))) == {"OWN-DRAFT", "THEIRS", "OWN-STALE"}
    assert set(codes(reader.get(URL + "?scope=ours"))) == {"OWN-DRAFT", "OWN-STALE"}
    assert set(codes(reader.get(URL + "?scope=others"))) == {"THEIRS"}


def test_lately_confirmed_ones_come_first(reader, other):
    now = timezone.now()
    for days in (5, 1, 9):
        make.equipment(other, code=f"D{days}", confirmed_at=now - timedelta(days=days))
    response = reader.get(URL)
    assert codes(response) == ["D1", "D5", "D9"]
    text = response.content.decode()
    assert "1 day ago" in text
    assert '<span class="t-warn">9 days ago</span>' in text


def test_each_filter_keeps_what_fits(reader, renhe, other):
    breathing = make.category("breathing")
    ventilator = make.category("vent", parent=breathing)
    near = make.equipment(renhe, code="NEAR", category=ventilator, loan=True)
    far = make.equipment(
        other, code="FAR", category=make.category("pump"), loan=False, on_site=True
    )
    for resource in (near, far):
        resource.search_text = search_text_for(resource, resource.equipment, resource.category)
        resource.save()
    now = timezone.now()
    make.offer(far, intervals=[(now + timedelta(days=2), now + timedelta(days=3))])
    make.offer(near)
    expected = {
        "category=breathing": {"NEAR"},
        "category=vent": {"NEAR"},
        "institution=dongbei": {"FAR"},
        "district=Xihu": {"FAR"},
        "mode=loan": {"NEAR"},
        "mode=on_site": {"FAR"},
        "available=now": {"NEAR"},
        "available=week": {"NEAR", "FAR"},
        "status=paused": set(),
        "max_km=9.9": {"NEAR"},
        "max_km=10.1": {"NEAR", "FAR"},
        "q=pump": {"FAR"},
        "q=%E5%91%BC%E5%90%B8": {"NEAR", "FAR"},
    }
    assert {query: set(codes(reader.get(f"{URL}?{query}"))) for query in expected} == expected


def test_a_booked_device_is_not_called_free(reader, renhe, other):
    device, now = make.equipment(other, code="BUSY"), timezone.now()
    make.offer(device)
    assert "Free, no booking in 14 days" in reader.get(URL).content.decode()
    make.sharing_request(
        device,
        renhe,
        state="approved",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=5),
    )
    text = reader.get(URL).content.decode()
    assert "Free until" not in text
    assert "Free, no booking" not in text
    assert codes(reader.get(URL + "?available=now")) == []


def test_a_block_of_the_owner_is_not_free_time(reader, other):
    device, now = make.equipment(other, code="BLOCKED"), timezone.now()
    make.offer(device)
    make.block(
        device,
        now - timedelta(hours=1),
        now + timedelta(hours=5),
        by=make.user(at=other, role="coordinator"),
    )
    assert codes(reader.get(URL + "?available=now")) == []


def test_a_device_out_of_order_says_so(reader, other):
    make.offer(make.equipment(other, status="listed", code="DOWN"))
    Resource.unscoped.get(code="DOWN").equipment.__class__.unscoped.update(status="down")
    assert "Out of order" in reader.get(URL).content.decode()


def test_facets_count_what_is_visible_and_sum_up_the_tree(reader, renhe, other):
    breathing = make.category("breathing", name_en="Breathing")
    make.equipment(other, category=make.category("vent", name_en="Ventilators", parent=breathing))
    make.equipment(other, category=breathing)
    make.equipment(other, visibility="private")
    text = reader.get(URL).content.decode()
    assert "Breathing (2)" in text
    assert "Ventilators (1)" in text
    assert "Dongbei Hospital (2)" in text
    assert "Xihu (2)" in text


def test_columns_are_the_readers_choice(reader, other):
    make.equipment(other)
    text = reader.get(URL + "?columns=fee&columns=status").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>\s*(?:<a[^>]*>)?\s*([^<]+?)\s*<', text)
    assert heads == ["Device", "Price", "Status"]


def test_sorting_by_distance_puts_the_nearest_first(reader, renhe, other):
    make.equipment(other, code="FAR")
    make.equipment(renhe, code="NEAR")
    assert codes(reader.get(URL + "?sort=distance")) == ["NEAR", "FAR"]
    assert codes(reader.get(URL + "?sort=-distance")) == ["FAR", "NEAR"]


def test_the_list_speaks_chinese(reader, renhe, other):
    make.equipment(other, name_zh="转运呼吸机", name_en="Transport ventilator")
    user = renhe.role_groups.get(role="viewer").group.user_set.get()
    user.language = "zh-hans"
    user.save()
    text = reader.get(URL).content.decode()
    assert "转运呼吸机" in text
    assert "Transport ventilator" not in text
    assert "西湖区" in text


@pytest.mark.parametrize(
    "query",
    [
        "max_km=nan",
        "max_km=-1",
        "max_km=abc",
        "category=nope",
        "institution=nope",
        "mode=fly",
        "available=maybe",
        "status=x",
        "scope=x",
        "q=%00",
        f"q={'x' * 101}",
        "category=%00",
    ],
)
def test_a_malformed_filter_is_400_with_a_message_and_no_rows(reader, other, query):
    make.equipment(other, code="HIDDEN")
    response = reader.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert codes(response) == []
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *((f"page={odd}", 404) for odd in ("0", "-5", "99999999999999999999999", "x")),
        ("sort=nope", 200),
        ("columns=%00", 200),
    ],
)
def test_odd_pages_sorts_and_columns_do_no_harm(reader, other, query, status):
    make.equipment(other, code="SHOWN")
    response = reader.get(f"{URL}?{query}")
    assert (response.status_code, codes(response)) == (status, ["SHOWN"])


def test_an_unknown_kind_is_404(reader):
    assert reader.get(URL + "?kind=bed").status_code == 404


def test_fifty_rows_fill_a_page_and_the_last_page_answers_for_any_number(reader, other):
    for _number in range(53):
        make.equipment(other)
    assert len(codes(reader.get(URL))) == 50
    assert len(codes(reader.get(URL + "?page=77"))) == 3
    assert "51 – 53 of 53" in reader.get(URL + "?page=2").content.decode()


def test_the_page_of_fifty_rows_is_small(reader, other):
    for _number in range(50):
        make.offer(make.equipment(other))
    assert len(reader.get(URL).content) <= 80 * 1024


def test_one_row_and_thirty_cost_the_same_queries(reader, renhe, other, django_assert_num_queries):
    device = make.equipment(other)
    make.offer(device)
    reader.get(URL)
    with django_assert_num_queries(5):
        reader.get(URL)
    for _number in range(29):
        make.offer(make.equipment(other))
    with django_assert_num_queries(5):
        reader.get(URL)


def test_a_resource_named_like_markup_is_escaped(reader, other):
    make.equipment(other, name_en="<script>x</script>", code="<b>")
    text = reader.get(URL).content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text


def test_filters_are_folded_on_a_phone_until_one_is_chosen(reader, other):
    make.equipment(other)
    folded = reader.get(URL + "?scope=others&sort=name").content.decode()
    assert '<details class="filter-fold no-print">' in folded
    assert "active</span>" not in folded
    chosen = reader.get(URL + "?q=pump&max_km=5").content.decode()
    assert '<details class="filter-fold no-print" open>' in chosen
    assert "2 active</span>" in chosen


@pytest.mark.parametrize(
    ("units", "hours", "words"),
    [
        (1, 14 * 24, "Free, no booking in 14 days"),
        (1, 14 * 24 - 1, "Free until "),
        (3, 14 * 24, "Offered for more than 14 days"),
        (3, 14 * 24 - 1, "Offered until "),
    ],
)
def test_an_end_that_is_only_the_plans_is_not_told_as_a_date(reader, other, units, hours, words):
    device, now = make.equipment(other, units=units), timezone.now()
    make.offer(
        device, intervals=[(now - timedelta(hours=1), now + timedelta(hours=hours, minutes=9))]
    )
    assert words in reader.get(URL).content.decode()


def test_a_far_booking_ends_the_free_time(reader, renhe, other):
    device, now = make.equipment(other, code="FAR"), timezone.now()
    make.offer(device)
    make.sharing_request(
        device,
        renhe,
        state="approved",
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=10),
    )
    assert "Free until" in reader.get(URL).content.decode()


def test_a_device_registered_a_moment_ago_is_listed_while_the_counts_are_old(reader, renhe):
    assert codes(reader.get(URL)) == []
    make.equipment(renhe, code="NEW")
    assert codes(reader.get(URL)) == ["NEW"]
