"""What the hospitals of the city write to each other about open requests, and note for themselves.

Every line goes through the same actions as a person's, at its own moment.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile

from demo.world import World
from medshare_portal.files import CheckedFile, check_enclosure
from medshare_portal.models import RoleGroup, User
from medshare_portal.roles import Role
from scheduling.actions import conversation as talk
from scheduling.actions import notes
from scheduling.actions.crossings import follow
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, State

OWNER, BORROWER, CITY = "owner", "borrower", "city"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TABLE = b"item,packs\nMask M,4\nFilter,10\n"


@dataclass(frozen=True)
class Line:
    """Who says what, how many minutes ago; ``file``: what comes with it (name, content)."""

    who: str
    ago: int
    english: str
    chinese: str
    file: tuple[str, bytes] | None = None
    note: bool = False
    invites: bool = False


CONVERSATIONS = {
    # The owner's device (or "" for any of the kind): the lines about its first open request.
    ("equipment", "RH-V-05", "dongbei"): (
        Line(BORROWER, 190, "Can it come with two adult masks? The list is enclosed.",
             "能否随机带两个成人面罩？清单见附件。", ("accessories", TABLE)),
        Line(OWNER, 170, "Two in size M are in the case. The last safety test is enclosed.",
             "箱内有两个 M 号。最近一次安全检测报告见附件。", ("safety test", PDF)),
        Line(OWNER, 165, "Parkside asks for the same days; decide before noon.",
             "滨江也申请同一时段，中午前定。", note=True),
        Line(BORROWER, 20, "Thank you. Our driver could come at 7:30.",
             "谢谢。我院司机 7:30 可到。"),
    ),
    ("equipment", "DB-CR-02", "renhe"): (
        Line(BORROWER, 130, "We have had no answer and need it from the day after tomorrow.",
             "一直没有答复，我院后天起就要用。"),
        Line(BORROWER, 120, "Dongbei has let the time to answer pass; please help us.",
             "东北院区已超过答复时限，请协助推动决定。", invites=True),
        Line(CITY, 95, "We have called the head of equipment; you will hear before five.",
             "已联系设备科负责人，17 点前给出答复。"),
        Line(OWNER, 60, "Our own unit comes back tonight; we answer as soon as it has passed.",
             "我院备机今晚返修回来，检测通过即答复。"),
        Line(BORROWER, 55, "If this fails: Jiangnan has one for the second day.",
             "如不成：江南有一台第二天可用。", note=True),
    ),
}  # fmt: skip
# One of each other kind in which Renhe takes part.
OF_KIND = {
    "medicine": (
        Line(BORROWER, 300, "Is the cold box ours to return the same day?",
             "冷藏箱需要当天归还吗？"),
        Line(OWNER, 240, "Within two days is early enough.", "两天内归还即可。"),
    ),
    "staff": (
        Line(OWNER, 320, "She brings her own badge; where does she park?",
             "她自带工牌，请问停车安排在哪里？"),
        Line(BORROWER, 280, "In front of building C; the ward knows of her.",
             "C 楼前，病区已知悉。"),
        Line(OWNER, 275, "No night shifts in a row for her this month.",
             "本月不要再安排连续夜班。", note=True),
    ),
    "information": (
        Line(OWNER, 400, "Please say in the purpose for which audit it is.",
             "请在用途中注明用于哪项审核。"),
        Line(BORROWER, 380, "For the quality review of the third quarter.",
             "用于第三季度质控评审。"),
    ),
}  # fmt: skip


def make_talk(world: World) -> None:
    """Conversations and notes; the city takes part in one of them."""
    for (_kind, code, borrower), lines in CONVERSATIONS.items():
        resource = world.device(code).resource
        rows = _open().filter(resource=resource, borrower__slug=borrower)
        _speak(world, rows.first(), lines)
    for kind, lines in OF_KIND.items():
        rows = _open().filter(kind=kind)
        ours = (
            rows.filter(owner__slug="renhe").first() or rows.filter(borrower__slug="renhe").first()
        )
        _speak(world, ours, lines)
    _tell_who_is_crossed(world)


def _tell_who_is_crossed(world: World) -> None:
    """Whose wish an extension that waits for its answer would take."""
    waiting = TimeChange.unscoped.filter(kind=ChangeKind.EXTENSION, status=ChangeStatus.PENDING)
    for change in waiting.order_by("pk"):
        booked = _open().select_related("offer", "resource__site").get(pk=change.sharing_request_id)
        follow(
            sharing_request=booked,
            transition="ask_extension",
            by=change.asked_by,
            now=change.asked_at,
        )


def _open():
    rows = SharingRequest.unscoped.select_related("resource", "owner", "borrower")
    return rows.filter(state__in=set(State.OPEN) - {State.HELD}).order_by("pk")


def _speak(world: World, asked: SharingRequest | None, lines: tuple[Line, ...]) -> None:
    if asked is None:
        return  # a small city has none
    for line in lines:
        place = world.place(getattr(asked, line.who).slug) if line.who != CITY else None
        chinese = place is None or place.speaks_chinese
        text, now = (
            line.chinese if chinese else line.english,
            world.moment - timedelta(minutes=line.ago),
        )
        common = {"sharing_request": asked, "now": now}
        if place is None:
            talk.write_for_city(text=text, by=_official(), **common)
            continue
        common |= {"institution": place.institution, "by": _author(asked, place, line.who)}
        if line.note:
            notes.write_note(text=text, **common)
        elif line.invites:
            talk.invite_city(reason=text, **common)
        else:
            talk.write(text=text, files=_files(line), **common)


def _author(asked: SharingRequest, place, who: str) -> User:
    if who == BORROWER and asked.created_by_id:
        return asked.created_by
    return place.people[Role.APPROVER if who == OWNER else Role.COORDINATOR][0]


def _official() -> User:
    officials = RoleGroup.unscoped.get(institution=None, role=Role.CITY_OFFICIAL)
    return officials.group.user_set.order_by("pk").first()


def _files(line: Line) -> tuple[talk.Enclosure, ...]:
    return (talk.Enclosure(name=line.file[0], file=_checked(line.file[1])),) if line.file else ()


def _checked(content: bytes) -> CheckedFile:
    return check_enclosure(ContentFile(content))
