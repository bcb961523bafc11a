"""What other institutions read of a person in place of a name.  A leaf."""


def public_names(category, specialties) -> tuple[str, str]:
    """(English, Chinese): the profession, and the first specialty where there is one."""
    english, chinese = category.name_en or category.name_zh, category.name_zh or category.name_en
    if specialties:
        first = min(specialties, key=lambda code: code.code)
        english = f"{english}, {(first.display_en or first.display_zh).lower()}"
        chinese = f"{chinese}（{first.display_zh or first.display_en}）"
    return english[:200], chinese[:200]
