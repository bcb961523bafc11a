"""Districts of the city: what the directory says of its institutions."""

from medshare_portal.models import Institution


def districts() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of each; the code is the same in both languages."""
    found = {code_of(row): row.district for row in _directory() if row.district}
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def institutions_of(district: str) -> frozenset[int]:
    return frozenset(row.pk for row in _directory() if code_of(row) == district)


def code_of(institution: Institution) -> str:
    return institution.district_en or institution.district_zh


def _directory():
    return Institution.objects.directory().only("pk", "district_en", "district_zh")
