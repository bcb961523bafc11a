"""Loads the code lists that the portal ships; docs/code-lists.md has the licence of each."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from medshare_portal.models import Code, CodeSystem

FOLDER = Path(__file__).resolve().parent.parent / "codelists"
# Columns that have a column of their own in Code; any other goes to its ``properties``.
OWN_COLUMNS = {"code", "zh", "en"}


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """One shipped list: a CSV file with the columns ``code``, ``en`` and perhaps ``zh``."""

    slug: str
    file: str
    url: str
    name_en: str
    name_zh: str
    version: str
    licence: str


def _own(slug: str) -> str:
    """A URN for lists that have no official address."""
    return f"urn:medshare:codesystem:{slug}"


CODE_LISTS = (
    CodeList(
        slug="nmpa-device-category",
        file="nmpa_device_category.csv",
        url=_own("nmpa-device-category"),
        name_en="NMPA medical device classification, level 1",
        name_zh="医疗器械分类目录（子目录）",
        version="2017-104",
        licence="Official document of the People's Republic of China (NMPA notice 2017 no. 104), "
        "not subject to copyright. English names and the column “shareable” are ours.",
    ),
    CodeList(
        slug="emdn",
        file="emdn_level1.csv",
        url=_own("emdn"),
        name_en="European Medical Device Nomenclature, level 1",
        name_zh="欧洲医疗器械命名（一级）",
        version="2021",
        licence="© European Union, CC BY 4.0. Excerpt: the letters of level 1.",
    ),
    CodeList(
        slug="dicom-modality",
        file="dicom_modality.csv",
        url="http://dicom.nema.org/resources/ontology/DCM",
        name_en="DICOM modalities (excerpt of CID 29)",
        name_zh="DICOM 检查模态（摘录）",
        version="2024",
        licence="© NEMA. DICOM is a registered trademark of the National Electrical Manufacturers "
        "Association. Codes are used as facts; Chinese names are ours.",
    ),
    CodeList(
        slug="cn-hospital-level",
        file="cn_hospital_level.csv",
        url=_own("cn-hospital-level"),
        name_en="Hospital levels",
        name_zh="医院等级",
        version="2011",
        licence="Code table as used by regional health platforms in China. English names are ours.",
    ),
    CodeList(
        slug="cn-institution-type",
        file="cn_institution_type.csv",
        url=_own("cn-institution-type"),
        name_en="Types of health institutions",
        name_zh="卫生机构类别",
        version="WS 218",
        licence="Code table after the Chinese standard WS 218. English names are ours.",
    ),
    CodeList(
        slug="cn-clinical-specialty",
        file="cn_clinical_specialty.csv",
        url=_own("cn-clinical-specialty"),
        name_en="Clinical specialties",
        name_zh="诊疗科目",
        version="1994",
        licence="卫医发(1994)27号 with the later additions 27 and 28, an official document. "
        "English names are ours.",
    ),
    CodeList(
        slug="isco-08",
        file="isco08_health.csv",
        url="urn:oid:2.16.840.1.113883.2.9.6.2.7",
        name_en="ISCO-08, health occupations (unit groups)",
        name_zh="国际标准职业分类（卫生职业）",
        version="2008",
        licence="International Standard Classification of Occupations, © International Labour "
        "Organization; excerpt with attribution, as re-published by IHE. Chinese names are ours.",
    ),
    CodeList(
        slug="practice-basis",
        file="practice_basis.csv",
        url=_own("practice-basis"),
        name_en="Bases on which a person practises at a host institution",
        name_zh="执业依据",
        version="1",
        licence="Own list, from the Physicians Law and the Nurses Regulations of China.",
    ),
    CodeList(
        slug="info-type",
        file="info_type.csv",
        url=_own("info-type"),
        name_en="Kinds of shared information",
        name_zh="共享信息类型",
        version="2026",
        licence="Own codes. The column “loinc_hint” names LOINC codes: this material contains "
        "content from LOINC (http://loinc.org), available at no cost under the licence at "
        "http://loinc.org/license.",
    ),
    CodeList(
        slug="purpose-of-use",
        file="purpose_of_use.csv",
        url="http://terminology.hl7.org/CodeSystem/v3-ActReason",
        name_en="Purpose of use (excerpt of HL7 v3 ActReason)",
        name_zh="使用目的（HL7 v3 ActReason 摘录）",
        version="2023",
        licence="HL7 Terminology (THO), CC0. Chinese names are ours.",
    ),
    CodeList(
        slug="recognised-item",
        file="recognised_item.csv",
        url=_own("recognised-item"),
        name_en="Items of mutual recognition",
        name_zh="检查检验互认项目",
        version="2026",
        licence="Own example of a city's list: items, days of validity and prices are ours.",
    ),
)


@transaction.atomic
def load_code_lists() -> dict[str, int]:
    """Make or update every shipped list; returns the number of codes per list.

    A code that the file no longer has is kept: rows may refer to it.
    """
    return {code_list.slug: _load(code_list) for code_list in CODE_LISTS}


def rows_of(code_list: CodeList) -> list[dict[str, str]]:
    """The file's rows; surplus commas at a line's end are ignored."""
    with (FOLDER / code_list.file).open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (value or "").strip() for name, value in row.items() if name}
            for row in csv.DictReader(file)
        ]


def _load(code_list: CodeList) -> int:
    system, _made = CodeSystem.objects.update_or_create(
        slug=code_list.slug,
        defaults={
            "url": code_list.url,
            "name_en": code_list.name_en,
            "name_zh": code_list.name_zh,
            "version": code_list.version,
            "licence": code_list.licence,
        },
    )
    codes = [_code(system, row) for row in rows_of(code_list)]
    Code.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["system", "code"],
        update_fields=["display_en", "display_zh", "properties"],
    )
    _set_parents(system)
    return len(codes)


def _code(system: CodeSystem, row: dict[str, str]) -> Code:
    properties = {name: value for name, value in row.items() if name not in OWN_COLUMNS and value}
    return Code(
        system=system,
        code=row["code"],
        display_en=row["en"],
        display_zh=row.get("zh", ""),
        properties=properties,
    )


def _set_parents(system: CodeSystem) -> None:
    """A code with a dot hangs below the part before it: ``03.01`` below ``03``."""
    by_code = {code.code: code for code in system.codes.all()}
    children = [code for code in by_code.values() if "." in code.code]
    for child in children:
        child.parent = by_code.get(child.code.rpartition(".")[0])
    Code.objects.bulk_update(children, ["parent"])
