"""INF-08: may a result of another institution stand instead of a new examination?

An explained list: every rule says what it looked at, how it decided and where it comes from.  The
pattern of the levels is Jiangsu's: institutions below grade 2A recognise each other, those from 2A
upwards each other, the lower recognise the higher; within a consortium everybody recognises
everybody; a level-3 institution may recognise a lower one's result when its quality suffices.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_date

GRADE_2A, LEVEL_3 = 2.3, 3.0
MEASURES = _("Measures for mutual recognition of examination results (China, 2022)")
PATTERN = _("Provincial levels of recognition (Jiangsu pattern)")


class Verdict(StrEnum):
    YES = "yes"
    PERHAPS = "perhaps"  # a clinician must look
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Result:
    """An examination result that somebody offers for recognition.

    ``valid_days`` is the city list's for the item or the owner's own, whichever is shorter;
    ``level`` the issuer's rank (2.3 is grade 2A).
    """

    item: str
    on_city_list: bool
    performed_on: date | None
    valid_days: int | None
    qc_passed: bool
    qc_valid_to: date | None
    level: float | None
    marked_for_us: bool


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Who would recognise it, on the day on which it is asked."""

    level: float | None
    same_consortium: bool
    today: date


@dataclass(frozen=True, kw_only=True)
class Point:
    """One rule's verdict in words."""

    name: Promise
    verdict: Verdict
    message: Promise
    source: Promise
    params: dict

    @property
    def text(self) -> str:
        return str(self.message) % self.params


def _point(name, verdict: Verdict, message, source, **params) -> Point:
    return Point(name=name, verdict=verdict, message=message, source=source, params=params)


def on_the_list(result: Result, receiver: Receiver) -> Point:
    if not result.item:
        words = _("No item of the city's list is named for this result.")
        return _point(_("Item"), Verdict.NO, words, MEASURES)
    if not result.on_city_list:
        words = _("“%(item)s” is not on the city's list of recognised items.")
        return _point(_("Item"), Verdict.NO, words, MEASURES, item=result.item)
    words = _("“%(item)s” is on the city's list of recognised items.")
    return _point(_("Item"), Verdict.YES, words, MEASURES, item=result.item)


def recent_enough(result: Result, receiver: Receiver) -> Point:
    name = _("Age of the result")
    if result.performed_on is None or result.valid_days is None:
        words = _("The date of the examination or its validity is not recorded.")
        return _point(name, Verdict.NO, words, MEASURES)
    age = (receiver.today - result.performed_on).days
    params = {"age": age, "days": result.valid_days}
    if age < 0:
        return _point(name, Verdict.NO, _("The examination lies in the future."), MEASURES)
    if age > result.valid_days:
        words = _("%(age)s days old; the item is valid for %(days)s days.")
        return _point(name, Verdict.NO, words, MEASURES, **params)
    if age == result.valid_days:
        words = _("%(age)s days old: valid today, not tomorrow (%(days)s days).")
        return _point(name, Verdict.YES, words, MEASURES, **params)
    words = _("%(age)s days old, within the item's %(days)s days.")
    return _point(name, Verdict.YES, words, MEASURES, **params)


def quality_assured(result: Result, receiver: Receiver) -> Point:
    name = _("External quality control")
    if not result.qc_passed:
        words = _("The issuer has not passed the external quality control for it.")
        return _point(name, Verdict.NO, words, MEASURES)
    if result.qc_valid_to is None or result.qc_valid_to < receiver.today:
        day = describe_date(result.qc_valid_to) if result.qc_valid_to else "–"
        words = _("The issuer's quality control ended on %(day)s.")
        return _point(name, Verdict.NO, words, MEASURES, day=day)
    words = _("The issuer's quality control is valid until %(day)s.")
    return _point(name, Verdict.YES, words, MEASURES, day=describe_date(result.qc_valid_to))


def marked(result: Result, receiver: Receiver) -> Point:
    """The HR mark names where a result is recognised."""
    if result.marked_for_us:
        words = _("The report carries the mark of mutual recognition for this area.")
        return _point(_("Mark of recognition"), Verdict.YES, words, MEASURES)
    words = _("The report carries no mark of mutual recognition for this area.")
    return _point(_("Mark of recognition"), Verdict.NO, words, MEASURES)


def high_enough(result: Result, receiver: Receiver) -> Point:
    name = _("Level of the issuer")
    if receiver.same_consortium:
        words = _("Both institutions belong to one consortium.")
        return _point(name, Verdict.YES, words, PATTERN)
    if result.level is None or receiver.level is None:
        words = _("The level of one of the institutions is not recorded.")
        return _point(name, Verdict.NO, words, PATTERN)
    if result.level >= GRADE_2A:
        words = _("The issuer is of grade 2A or higher.")
        return _point(name, Verdict.YES, words, PATTERN)
    if receiver.level < GRADE_2A:
        words = _("Both institutions are below grade 2A.")
        return _point(name, Verdict.YES, words, PATTERN)
    if receiver.level >= LEVEL_3:
        words = _(
            "The issuer is below grade 2A; "
            "a level-3 institution may recognise it if its quality suffices."
        )
        return _point(name, Verdict.PERHAPS, words, PATTERN)
    words = _("The issuer is below grade 2A, you are not.")
    return _point(name, Verdict.NO, words, PATTERN)


RULES: tuple[Callable[[Result, Receiver], Point], ...] = (
    on_the_list,
    recent_enough,
    quality_assured,
    marked,
    high_enough,
)


@dataclass(frozen=True)
class Recognition:
    """All verdicts; the whole is as good as its worst."""

    points: tuple[Point, ...]

    @property
    def verdict(self) -> Verdict:
        given = {point.verdict for point in self.points}
        return next(v for v in (Verdict.NO, Verdict.PERHAPS, Verdict.YES) if v in given)

    def against(self) -> Iterator[Point]:
        return (point for point in self.points if point.verdict == Verdict.NO)


def check(result: Result, receiver: Receiver) -> Recognition:
    """Ask every rule, always all of them."""
    return Recognition(tuple(rule(result, receiver) for rule in RULES))


def shorter(*days: int | None) -> int | None:
    """The shortest of the given validities; None where none is given."""
    return min((given for given in days if given is not None), default=None)


def last_valid_day(result: Result) -> date | None:
    """Until when the result's age allows recognition, that day included."""
    if result.performed_on is None or result.valid_days is None:
        return None
    return result.performed_on + timedelta(days=result.valid_days)
