"""What points at a person in a text by its form, wherever it stands: an identity number with a
right check digit, a telephone number, a name behind “patient:”."""

import re
from collections.abc import Callable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"


class Identifier(StrEnum):
    """What was found; ``WORDS`` says it to people."""

    NATIONAL_ID = "national_id"
    MOBILE = "mobile"
    TELEPHONE = "telephone"
    EMAIL = "email"
    RECORD_NUMBER = "record_number"
    NAME = "name"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    OTHER_NUMBER = "other_number"


WORDS = {
    Identifier.NATIONAL_ID: _("identity number"),
    Identifier.MOBILE: _("telephone number"),
    Identifier.TELEPHONE: _("telephone number"),
    Identifier.EMAIL: _("e-mail address"),
    Identifier.RECORD_NUMBER: _("record number"),
    Identifier.NAME: _("name"),
    Identifier.ADDRESS: _("address"),
    Identifier.BIRTH_DATE: _("exact date of birth"),
    Identifier.OTHER_NUMBER: _("identifying number"),
}


def is_national_id(text: str) -> bool:
    """18 characters whose last is the check character of GB 11643 (ISO 7064, mod 11-2)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False))
    return CHECK_CHARACTERS[total % 11] == text[-1].upper()


DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ＠", "0123456789Xx@")
ID_LIKE = re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}\s?\d{8}\s?\d{3}[\dXx](?![\dA-Za-z])")
MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
TELEPHONE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:路|街|道|巷|弄|胡同|村|小区|社区|新村)[\u4e00-\u9fff]*\d+\s*(?:号|弄|幢|栋|室|单元)"
    r"|\b\d+[A-Za-z]?\s+(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square)\b"
)
LABELLED_NAME = re.compile(
    r"(?:姓\s*名|患\s*者(?:姓名)?|病人(?:姓名)?|联系人)\s*[:：]\s*[\u4e00-\u9fff·]{2,6}"
    r"|\b(?:Patient(?: name)?|Name)\s*:\s*[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+"
)
LABELLED_RECORD = re.compile(
    r"(?:病历号|住院号|门诊号|病案号|就诊卡号|登记号|影像号|MRN|Record no\.?)"
    r"\s*[:：#]?\s*[A-Za-z]{0,4}\d{4,}",
    re.IGNORECASE,
)
LABELLED_BIRTH = re.compile(
    r"(?:出生日期|出生年月日|生日|Date of birth|DOB)\s*[:：]?\s*"
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}",
    re.IGNORECASE,
)


def _found_id(text: str) -> bool:
    return any(is_national_id(re.sub(r"\s", "", match)) for match in ID_LIKE.findall(text))


def _without_ids(pattern: re.Pattern) -> Callable[[str], bool]:
    return lambda text: bool(pattern.search(ID_LIKE.sub(" ", text)))


VALUES: dict[Identifier, Callable[[str], bool]] = {
    Identifier.NATIONAL_ID: _found_id,
    Identifier.MOBILE: _without_ids(MOBILE),
    Identifier.TELEPHONE: _without_ids(TELEPHONE),
    Identifier.EMAIL: lambda text: bool(EMAIL.search(text)),
    Identifier.ADDRESS: lambda text: bool(ADDRESS.search(text)),
    Identifier.NAME: lambda text: bool(LABELLED_NAME.search(text)),
    Identifier.RECORD_NUMBER: lambda text: bool(LABELLED_RECORD.search(text)),
    Identifier.BIRTH_DATE: lambda text: bool(LABELLED_BIRTH.search(text)),
}


def no_person_data(text: str) -> None:
    """Validator of what other institutions read.  Raises ValidationError."""
    plain = text.translate(DIGITS)
    said = dict.fromkeys(str(WORDS[each]) for each, says in VALUES.items() if says(plain))
    if said:
        raise ValidationError(
            _("This looks like data of a person (%(what)s): leave it out."),
            params={"what": str(_(", ")).join(said)},
        )
