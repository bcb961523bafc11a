"""Professions, papers and rosters of the made-up city's people."""

from dataclasses import dataclass, field

from resources.enums_staff import CredentialSource, LicenceCategory, LicenceKind, PracticeBasisCode


@dataclass(frozen=True, kw_only=True)
class Profession:
    """``slug`` is its ISCO-08 unit group; ``weight`` is how often one is met among ten."""

    slug: str
    licence: LicenceKind
    specialties: tuple[str, ...]
    basis: PracticeBasisCode = PracticeBasisCode.MULTI_SITE
    category: LicenceCategory = LicenceCategory.NONE
    skills: tuple[str, ...] = field(default=())
    weight: int = 1


NURSE = Profession(
    slug="2221",
    licence=LicenceKind.NURSE,
    specialties=("28", "28", "20", "07", "03"),
    basis=PracticeBasisCode.NURSE_SITE_CHANGE,
    skills=("ventilation", "crrt"),
    weight=6,
)
PROFESSIONS = (
    NURSE,
    Profession(
        slug="2212",
        licence=LicenceKind.PHYSICIAN,
        specialties=("28", "26", "20", "07"),
        category=LicenceCategory.CLINICAL,
        skills=("ventilation", "ecmo"),
        weight=3,
    ),
    Profession(
        slug="3211", licence=LicenceKind.TECHNICIAN, specialties=("32",), skills=(), weight=1
    ),
    Profession(
        slug="5321",
        licence=LicenceKind.NONE,
        specialties=(),
        basis=PracticeBasisCode.NO_LICENCE,
        weight=1,
    ),
)


@dataclass(frozen=True)
class Roster:
    """Weekdays (Monday 0), first hour, length in minutes, break in minutes."""

    days: tuple[int, ...]
    hour: int
    minutes: int
    pause: int


ROSTERS = (
    Roster((0, 1, 3, 5), 8, 510, 30),
    Roster((1, 2, 4, 6), 8, 510, 30),
    Roster((0, 2, 4), 8, 720, 60),
    Roster((0, 1, 4, 5), 14, 510, 30),
    Roster((2, 3, 6), 14, 510, 30),
    Roster((0, 3, 5), 20, 720, 60),
    Roster((0, 1, 2, 3, 4), 8, 510, 30),
    Roster((1, 4), 20, 720, 60),
)
# Whose papers are how: share of people → days that are left of a licence.
LICENCE_ENDS = ((0.05, (-20, -3)), (0.13, (3, 7)), (0.2, (15, 29)), (1.0, (200, 1500)))
SKILL_ENDS = ((0.07, (-40, -2)), (0.15, (2, 8)), (1.0, (120, 900)))
SOURCES = (CredentialSource.REGISTER, CredentialSource.DOCUMENT, CredentialSource.EMPLOYER)
CHECKERS = ("人事处 Personnel office", "护理部 Nursing office", "医务处 Medical office")
INSURERS = ("示例医责险公司 Example Indemnity", "澜城互助保险 City Mutual")
REGISTERS = "省卫生健康委员会 Provincial health commission"
# Rehabilitation hospitals may not offer every specialty (STF-02).
APPROVED = {"nanshi": ("21", "03", "32"), "beihe": ("21", "03", "32")}
