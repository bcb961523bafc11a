"""INF-10: what points at a person in a file that is called de-identified.

Two kinds of sign: values that identify by their form wherever they stand (an identity number with
a right check digit), and columns whose heading says that they do (姓名, MRN) or whose values are
mostly names.  A scan cannot prove that nobody can be recognised; it refuses what plainly points.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from resources.kinds.information.tabular import Table
from resources.person_data import DIGITS, VALUES, Identifier

MOST_ROWS_NAMED = 10
NAMES_NEEDED = 3
NAMES_SHARE = 0.6


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One identifier in one column: the first rows of ``count``, as the file numbers them."""

    identifier: Identifier
    sheet: str
    column: str
    rows: tuple[int, ...]
    count: int


EXACT_DATE = re.compile(
    r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{8}\b)"
)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐"
)  # fmt: skip
CHINESE_NAME = re.compile(
    rf"(?:[{SURNAMES}]|欧阳|司马|上官|诸葛|东方|皇甫|尉迟|慕容)[\u4e00-\u9fff]{{1,2}}"
)
# Words that look like a surname with a given name and are none.
NOT_A_NAME = re.compile(
    r"高血压|高血脂|高血糖|白血病|白细胞|白蛋白|金属|方法|安静|温和|任何|江苏|江西|安徽|温州|金华|石家庄"
    r"|.*[科室市省区县院部病炎癌性素片液量型级组类]"
)

_HEADINGS = {
    Identifier.NAME: r"^(?:患者|病人|联系人|家属|监护人)?姓名$|^(?:患者|病人|联系人)$"
    r"|^(?:patient|full|first|last|given|family|sur|contact)?[ _-]?name$",
    Identifier.RECORD_NUMBER: r"病历号|住院号|门诊号|病案号|就诊卡|登记号|患者(?:编号|ID)"
    r"|影像号|检查号"
    r"|^(?:mrn|patient[ _-]?(?:id|no|number)|medical[ _-]?record.*|accession.*)$",
    Identifier.ADDRESS: r"住址|地址|^(?:home |street )?address(?:[ _]line.*)?$",
    Identifier.OTHER_NUMBER: r"身份证|证件号|护照|医保卡|医保号|社保|银行卡|车牌"
    r"|passport|^ssn$|insurance[ _-]?(?:no|number|id)",
    Identifier.MOBILE: r"手机|联系电话|^电话$"
    r"|^(?:phone|mobile|tel(?:ephone)?)(?:[ _]?(?:no|number))?$",
}
HEADINGS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _HEADINGS.items()}
BIRTH_HEADING = re.compile(r"出生|生日|birth|^dob$", re.IGNORECASE)


def scan(tables: list[Table]) -> list[Hit]:
    """Every direct identifier, column by column, in the order of the file."""
    return [
        hit for table in tables for place in range(table.width) for hit in _column(table, place)
    ]


def _column(table: Table, place: int) -> Iterator[Hit]:
    values = [value.translate(DIGITS) for value in table.column(place)]
    in_head = [table.header[place].translate(DIGITS)] if place < len(table.header) else []
    found = {
        identifier: [row for row, value in enumerate(values, table.first) if value and says(value)]
        for identifier, says in VALUES.items()
    }
    for identifier, says in VALUES.items():  # a file without a heading starts with a person
        if any(says(text) for text in in_head):
            found[identifier].insert(0, table.first - 1)
    for identifier, rows in _by_heading(table, place, values).items():
        found[identifier] = sorted({*found.get(identifier, ()), *rows})
    for identifier, rows in found.items():
        if rows:
            yield Hit(
                identifier=identifier,
                sheet=table.name,
                column=table.heading(place),
                rows=tuple(rows[:MOST_ROWS_NAMED]),
                count=len(rows),
            )


def _by_heading(table: Table, place: int, values: list[str]) -> dict[Identifier, list[int]]:
    """Rows that identify because of what the column is."""
    if not table.header:
        return {}
    heading = table.heading(place).translate(DIGITS)
    filled = [(row, value) for row, value in enumerate(values, table.first) if value]
    found = {
        identifier: [row for row, _value in filled]
        for identifier, pattern in HEADINGS.items()
        if pattern.search(heading)
    }
    if BIRTH_HEADING.search(heading):
        found[Identifier.BIRTH_DATE] = [row for row, value in filled if EXACT_DATE.search(value)]
    names = [row for row, value in filled if _is_a_name(value)]
    if len(names) >= NAMES_NEEDED and len(names) >= NAMES_SHARE * len(filled):
        found.setdefault(Identifier.NAME, names)
    return found


def _is_a_name(value: str) -> bool:
    return bool(CHINESE_NAME.fullmatch(value)) and not NOT_A_NAME.fullmatch(value)
