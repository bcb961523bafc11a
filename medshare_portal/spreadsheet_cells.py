"""Cells that leave the portal: a spreadsheet program must read text, never a formula."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def safe_cell(value) -> str:
    """The value as text; an apostrophe ahead of what a program would compute."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
