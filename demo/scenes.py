"""What is going on in the city right now: open work for every desk, told as data.

Moments: ``2d8`` is 08:00 (local) in two days, ``+4h`` four full hours from now, ``-6h`` six ago.
``due`` is in minutes from now.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scene:
    device: str
    borrower: str
    state: str
    starts: str
    ends: str
    priority: str = "routine"
    due: int | None = None
    purpose: int = 0
    units: int = 1
    mode: str = "loan"
    ward: str = "A-3F ICU"
    asked_from: str = ""
    asked_until: str = ""
    extension: str = ""  # asked: new end
    extension_due: int = 0
    recalled_from: str = ""  # the end before the owner's recall
    overdue_level: int = 0
    escalation: int = 0  # how far up the late answer has gone
    on_the_way: bool = False  # given by the owner, not yet received
    problem: bool = False
    text: tuple[str, str] = ("", "")


def _requested(device, borrower, starts, ends, priority, due, purpose, **more) -> Scene:
    return Scene(device=device, borrower=borrower, state="requested", starts=starts, ends=ends,
                 priority=priority, due=due, purpose=purpose, **more)  # fmt: skip


def _booked(device, borrower, state, starts, ends, purpose, **more) -> Scene:
    return Scene(device=device, borrower=borrower, state=state, starts=starts, ends=ends,
                 purpose=purpose, **more)  # fmt: skip


SCENES = (
    # What Renhe has to decide; the two for RH-V-05 and the two for RH-US-04 compete.
    _requested("RH-V-05", "dongbei", "2d8", "4d20", "urgent", 38, 0),
    _requested("RH-V-05", "parkside", "3d20", "5d10", "routine", 1580, 3, ward="B-2F OR 2"),
    _requested("RH-EC-01", "meilin", "2d8", "5d8", "stat", 44, 2),
    _requested("RH-CR-02", "xihu", "3d8", "5d20", "urgent", 82, 0),
    _requested("RH-DF-01", "qingshan", "1d8", "2d20", "asap", 112, 15, ward="A-1F ER"),
    _requested("RH-MR-01", "beihe", "4d9", "4d12", "routine", 305, 6, mode="on_site"),
    _requested("RH-IP-02", "dongbei", "4d8", "7d8", "routine", 465, 2, units=12),
    _requested("RH-CA-02", "dongbei", "3d7", "3d22", "routine", 1620, 3, ward="B-2F OR 4"),
    _requested("RH-US-04", "parkside", "7d8", "9d20", "routine", 2820, 12, ward="C-3F NICU"),
    _requested("RH-US-04", "shigang", "8d8", "10d8", "routine", 2710, 6),
    # Its present user asks for more time, into this one.
    _requested("RH-V-03", "beihe", "+22h", "+70h", "routine", 410, 11),
    # What others have to decide.
    _requested("DB-CR-02", "renhe", "2d8", "4d20", "asap", -75, 0, ward="A-3F EICU", escalation=3),
    _requested("DB-V-02", "meilin", "3d8", "6d20", "routine", 402, 4),
    _requested("DB-V-02", "shigang", "4d8", "8d20", "routine", 910, 11),
    _requested("PK-TI-01", "qingshan", "1d6", "1d20", "stat", 40, 5, ward="C-3F NICU"),
    _requested("PK-V-01", "meilin", "2d8", "4d8", "urgent", 117, 2),
    _requested("PK-II-01", "qingshan", "5d8", "9d8", "routine", 600, 15),
    _requested("XH-DF-01", "yulin", "1d8", "3d8", "urgent", 55, 13),
    _requested("XH-TV-01", "renhe", "3d8", "4d8", "routine", 1200, 5),
    _requested("XH-CP-01", "meilin", "6d8", "7d18", "routine", 350, 7),
    _requested("XH-CP-01", "beihe", "9d8", "10d8", "asap", -150, 13, escalation=4),
    _requested("JN-CR-02", "renhe", "2d10", "4d20", "urgent", 203, 0, ward="A-3F EICU"),
    _requested("JN-US-01", "nanshi", "4d8", "6d18", "routine", 1010, 10),
    _requested("LY-CT-01", "renhe", "3d18", "3d21", "routine", 700, 6, mode="on_site"),
    _requested("LY-ES-01", "shigang", "5d8", "5d18", "routine", 1505, 3),
    _requested("YL-V-01", "xihu", "1d12", "4d12", "urgent", 101, 4),
    _requested("QS-FM-01", "parkside", "3d8", "6d8", "routine", 505, 15),
    _requested("ML-US-01", "shigang", "4d8", "4d18", "routine", 805, 12),
    _requested("SG-DF-01", "renhe", "6d6", "6d20", "routine", 1310, 8),
    _requested("NS-GT-01", "beihe", "3d9", "3d12", "routine", 422, 9, mode="on_site"),
    _requested("BH-CR-01", "jiangnan", "3d8", "5d8", "routine", 303, 1),
    # Counter-offers that wait for the borrower.
    _booked("PK-TI-03", "renhe", "countered", "3d10", "4d18", 5, due=245, asked_from="3d8",
            asked_until="4d18", ward="C-3F NICU",
            text=("The unit comes back from cleaning at 09:30.", "设备 9:30 消毒完毕。")),
    _booked("RH-V-08", "jiangnan", "countered", "2d12", "4d12", 4, due=610, asked_from="2d8",
            asked_until="5d20", text=("We need it again on Friday.", "周五起本院自用。")),
    _booked("LY-AN-01", "dongbei", "countered", "5d8", "6d18", 3, due=900, asked_from="4d8",
            asked_until="6d18"),
    # Booked, to be collected.
    _booked("RH-V-07", "dongbei", "approved", "+3h", "3d20", 0),
    _booked("RH-V-09", "parkside", "approved", "4d12", "6d12", 4),
    _booked("RH-CA-01", "xihu", "approved", "2d16", "2d21", 3),
    _booked("RH-US-02", "xihu", "approved", "4d8", "6d8", 12),
    _booked("RH-M-01", "lingyun", "approved", "5d6", "6d20", 8, units=6),
    _booked("DB-CR-01", "renhe", "approved", "+1h", "3d20", 0, on_the_way=True, ward="A-3F EICU"),
    _booked("PK-TI-02", "renhe", "approved", "+2h", "1d20", 5, ward="C-3F NICU"),
    _booked("LY-PT-01", "renhe", "approved", "1d10", "1d12", 6, mode="on_site"),
    _booked("QS-TI-01", "parkside", "approved", "1d8", "2d18", 5),
    # Out now.
    _booked("RH-V-07", "xihu", "underway", "-92h", "-6h", 0, overdue_level=2),
    _booked("RH-EC-01", "dongbei", "underway", "-40h", "+5h", 2),
    _booked("RH-US-03", "jiangnan", "underway", "-20h", "+40h", 12),
    _booked("RH-IP-01", "parkside", "underway", "-50h", "+48h", 2, units=20),
    _booked("RH-IP-02", "jiangnan", "underway", "-30h", "+130h", 4, units=3),
    _booked("RH-V-03", "yulin", "underway", "-60h", "+10h", 4, extension="+34h",
            extension_due=100),
    _booked("RH-V-06", "meilin", "underway", "-48h", "+50h", 2, recalled_from="+90h"),
    _booked("DB-M-11", "renhe", "underway", "-60h", "+3h", 2, ward="A-5F RICU"),
    _booked("DB-CR-03", "renhe", "underway", "-5h", "+53h", 0, ward="A-3F EICU"),
    _booked("YL-EC-01", "renhe", "underway", "-100h", "+20h", 2),
    _booked("XH-DF-02", "qingshan", "underway", "-100h", "-70h", 13, overdue_level=3),
    _booked("PK-HF-01", "dongbei", "underway", "-70h", "+26h", 4, extension="+50h",
            extension_due=180),
    _booked("JN-CR-01", "dongbei", "underway", "-30h", "+9h", 1),
    _booked("LY-US-01", "beihe", "underway", "-24h", "+30h", 12),
    # Back, the owner's check is pending.
    _booked("RH-V-02", "yulin", "finished", "-90h", "-14h", 4, problem=True),
    _booked("DB-V-01", "xihu", "finished", "-75h", "-3h", 1),
    _booked("LY-DX-01", "renhe", "finished", "-60h", "-20h", 6),
    _booked("XH-TV-02", "renhe", "finished", "-50h", "-30h", 5),
    # Somebody is filling in the form.
    _booked("RH-V-01", "jiangnan", "held", "6d8", "8d8", 0),
)  # fmt: skip
SCENE_CODES = {scene.device for scene in SCENES} | {"RH-CR-01"}

# The owner's own times: device, reason, from, until, which of the notes (demo.texts).
SCENE_BLOCKS = (
    ("RH-CR-01", "own_use", "-30h", "-3h", 2),
    ("RH-CR-01", "repair", "-2h", "4d10", 0),
    ("RH-V-05", "own_use", "3d8", "3d20", 0),
    ("RH-CA-01", "own_use", "1d8", "1d15", 0),
    ("RH-CA-01", "own_use", "3d8", "3d15", 0),
    ("RH-CA-02", "maintenance", "4d13", "5d4", 2),
    ("RH-CR-02", "own_use", "-26h", "+20h", 2),
    ("DB-CR-02", "own_use", "-8h", "+12h", 2),
    ("PK-TI-01", "maintenance", "4d8", "4d18", 0),
    ("LY-CT-01", "own_use", "1d7", "1d17", 0),
)
# Offers that were not confirmed for a week: (device, days ago).
SCENE_UNCONFIRMED = (("RH-CR-02", 8), ("RH-CA-01", 8), ("RH-M-01", 9), ("RH-US-02", 7))
