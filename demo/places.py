"""Where the made-up city's institutions are: twelve by hand, any number more by rule.

The city is invented; its centre lies at 30.27° N, 120.15° E.
"""

import math
import random
from dataclasses import dataclass

CITY = "澜城"
CENTRE = (30.2741, 120.1551)
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, kw_only=True)
class PlaceSpec:
    """``km_north``/``km_east`` from the centre; ``share`` of the devices of twelve (of 150)."""

    slug: str
    letters: str
    name_en: str
    name_zh: str
    type: str
    level: str
    district: tuple[str, str]
    km_north: float
    km_east: float
    beds: int
    share: int
    second_site: tuple[str, str] | None = None

    @property
    def coordinates(self) -> tuple[float, float]:
        return position(self.km_north, self.km_east)


def position(km_north: float, km_east: float) -> tuple[float, float]:
    latitude = CENTRE[0] + km_north / KM_PER_DEGREE
    longitude = CENTRE[1] + km_east / (KM_PER_DEGREE * math.cos(math.radians(CENTRE[0])))
    return round(latitude, 5), round(longitude, 5)


CENTRAL, NORTH_EAST = ("Centre", "中心区"), ("North-East", "东北区")
WEST, EAST, COUNTY = ("West", "西湖区"), ("East", "江东区"), ("Meilin County", "梅林县")


def _place(slug, letters, en, zh, kind, level, district, north, east, beds, share, second=None):
    return PlaceSpec(
        slug=slug, letters=letters, name_en=en, name_zh=zh, type=kind, level=level,
        district=district, km_north=north, km_east=east, beds=beds, share=share,
        second_site=second,
    )  # fmt: skip


KNOWN = (
    _place("renhe", "RH", "Renhe General", "仁和综合医院", "A100", "32", CENTRAL,
           0, 0, 1800, 42, ("East Campus", "东院区")),
    _place("dongbei", "DB", "Dongbei Central", "东北中心医院", "A100", "32", NORTH_EAST,
           3.1, 2.8, 1400, 22, ("River Campus", "滨江院区")),
    _place("parkside", "PK", "Parkside Children", "公园儿童医院", "A5", "32", EAST,
           5.6, 8.0, 900, 14),
    _place("xihu", "XH", "Xihu Emergency", "西湖急救中心", "E", "30", WEST, 2.2, -7.2, 320, 12),
    _place("jiangnan", "JN", "Jiangnan TCM", "江南中医医院", "A2", "32", WEST,
           -8.9, -10.9, 850, 10),
    _place("lingyun", "LY", "Lingyun Cancer Centre", "凌云肿瘤医院", "A5", "32", CENTRAL,
           -5.1, 1.4, 1100, 16, ("Proton Centre", "质子中心")),
    _place("yulin", "YL", "Yulin Chest", "玉林胸科医院", "A5", "33", EAST, -1.8, 10.6, 600, 9),
    _place("qingshan", "QS", "Qingshan Maternity", "青山妇幼保健院", "G", "22", WEST,
           8.4, -8.8, 420, 7),
    _place("meilin", "ML", "Meilin County", "梅林县人民医院", "A100", "22", COUNTY,
           -10.3, 15.5, 500, 6),
    _place("shigang", "SG", "Shigang Workers", "石港职工医院", "A100", "22", EAST,
           -6.2, 12.4, 360, 5),
    _place("nanshi", "NS", "Nanshi Rehabilitation", "南市康复医院", "A5", "20", CENTRAL,
           -9.4, 3.1, 280, 4),
    _place("beihe", "BH", "Beihe Rehabilitation", "北河康复医院", "A5", "20", NORTH_EAST,
           20.6, 7.2, 260, 3),
)  # fmt: skip

FIRST = (
    ("Anping", "安平"), ("Baiyun", "白云"), ("Chunhui", "春晖"), ("Dongfang", "东方"),
    ("Fenglin", "枫林"), ("Guangming", "光明"), ("Haining", "海宁"), ("Jinshan", "金山"),
    ("Kangfu", "康福"), ("Lantian", "蓝天"), ("Minghu", "明湖"), ("Ningde", "宁德"),
    ("Pinghai", "平海"), ("Qiushi", "求是"), ("Ruian", "瑞安"), ("Shuguang", "曙光"),
    ("Tianmu", "天目"), ("Wulin", "武林"), ("Xinhua", "新华"), ("Yongle", "永乐"),
)  # fmt: skip
SECOND = (
    ("", ""), ("First", "第一"), ("Second", "第二"), ("Riverside", "江滨"), ("Hillside", "山麓"),
    ("North", "北城"), ("South", "南城"), ("East Gate", "东门"), ("West Gate", "西门"),
    ("New Town", "新城"), ("Lakeside", "湖滨"), ("University", "大学"), ("Garden", "花园"),
)  # fmt: skip
LAST = (
    ("Hospital", "医院", "A100", "22"),
    ("General", "综合医院", "A100", "32"),
    ("TCM", "中医医院", "A2", "22"),
    ("Health Centre", "社区卫生服务中心", "B", "12"),
    ("Maternity", "妇幼保健院", "G", "20"),
    ("Specialist", "专科医院", "A5", "20"),
)
DISTRICTS = (CENTRAL, NORTH_EAST, WEST, EAST, COUNTY)


def places(number: int, rng: random.Random) -> list[PlaceSpec]:
    """The twelve known institutions, then as many more as asked for."""
    names = [(first, second) for second in SECOND for first in FIRST]
    further = [(first, second, last) for last in LAST for first, second in names]
    extra = [further[index * 7 % len(further)] for index in range(max(0, number - len(KNOWN)))]
    return [*KNOWN[:number], *(_further(index, *parts, rng) for index, parts in enumerate(extra))]


def _further(index: int, first, second, last, rng: random.Random) -> PlaceSpec:
    distance, angle = 3 + 27 * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
    words = [word for word in (first[0], second[0], last[0]) if word]
    return PlaceSpec(
        slug="-".join(words).lower().replace(" ", "-"),
        letters=_letters(index),
        name_en=" ".join(words),
        name_zh=f"{first[1]}{second[1]}{last[1]}",
        type=last[2],
        level=last[3],
        district=DISTRICTS[int(angle / (2 * math.pi) * len(DISTRICTS))],
        km_north=round(distance * math.sin(angle), 1),
        km_east=round(distance * math.cos(angle), 1),
        beds=rng.randrange(80, 900, 10),
        share=rng.choice((4, 6, 8, 12, 18)),
    )


def _letters(index: int) -> str:
    """Three letters, so that no asset number of the twelve is met."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "H" + alphabet[index // len(alphabet) % len(alphabet)] + alphabet[index % len(alphabet)]
