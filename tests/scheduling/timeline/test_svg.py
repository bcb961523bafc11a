"""Lanes: what overlaps lies one under the other, and words of people are escaped."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduling.timeline import svg
from scheduling.timeline.axis import day_axis
from scheduling.timeline.marks import Mark, in_tracks

AXIS = day_axis(date(2026, 11, 25), ZoneInfo("Asia/Shanghai"))


def at(hour: float):
    return AXIS.starts_at + timedelta(hours=hour)


def mark(first, last, **fields):
    return Mark("booked", at(first), at(last), **{"title": "Booked"} | fields)


def lane(marks, **fields):
    return svg.lane(AXIS, marks, **{"label": "V", "grid": "g"} | fields)


def test_marks_that_do_not_meet_share_a_track():
    placed, tracks = in_tracks([mark(0, 2), mark(2, 4)])
    assert ([one.track for one in placed], tracks) == ([0, 0], 1)


def test_marks_that_overlap_lie_one_under_the_other():
    placed, tracks = in_tracks([mark(0, 4), mark(1, 3), mark(3, 5)])
    assert ([one.track for one in placed], tracks) == ([0, 1, 1], 2)


def test_never_more_tracks_than_there_is_room_for():
    placed, tracks = in_tracks([mark(0, 9) for _ in range(6)])
    assert (max(one.track for one in placed), tracks) == (2, 3)


def test_a_bar_has_its_place_in_percent():
    drawn = lane([mark(6, 12)])
    assert '<svg class="bar bar-booked" x="25%" y="7" width="25%" height="26">' in drawn


def test_labels_and_titles_are_escaped():
    drawn = lane([mark(0, 12, label="<b>&", title='"><script>')], label='"<i>')
    assert "<b>" not in drawn
    assert "<script>" not in drawn
    assert "<i>" not in drawn
    assert "&lt;b&gt;&amp;" in drawn


def test_a_lane_with_links_is_a_group_and_without_a_picture():
    assert 'role="group"' in lane([mark(0, 1, url="/x/")])
    assert 'role="img"' in lane([mark(0, 1)])


def test_what_is_not_seen_is_not_drawn():
    assert "bar-booked" not in lane([mark(-5, -1), mark(25, 30)])


def test_the_present_is_a_line_only_where_it_is_shown():
    assert "now-line" in svg.grid(AXIS, "g", now=at(3))
    assert "now-line" not in svg.grid(AXIS, "g", now=at(30))
    assert "now-line" in lane([], now=at(3))
    assert "now-line" not in lane([])


def test_offered_times_are_the_grids_wash_stretched_to_their_place():
    assert '<use href="#g-free" x="25%" width="50%"/>' in lane([], washes=[(at(6), at(18))])
    assert '<symbol id="g-free"><rect class="offered"' in svg.grid(AXIS, "g")


def test_marks_without_words_are_rectangles_of_one_group():
    clean = [Mark("clean", at(0), at(6)), Mark("clean", at(12), at(18))]
    drawn = lane(clean)
    assert drawn.count('<g class="bar bar-clean">') == 1
    assert '<rect x="50%" y="7.5" width="25%" height="25"/></g>' in drawn
