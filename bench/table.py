"""Figures as Markdown."""

HEAD = (
    "| work | floor CPU ms | page CPU ms | ratio | bar | median ms | p95 ms | per s at 8 clients "
    "| queries | KB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)
MOST_GROWTH = 1.3


def markdown(figures: dict) -> str:
    """One database's table."""
    return "\n".join([HEAD, *(_row(name, found) for name, found in figures.items())])


def _row(name, found):
    met = "met" if found["ratio"] <= found["bar"] else "missed"
    cells = [
        name, found["floor_cpu"], found["page_cpu"], f"{found['ratio']}×",
        f"≤ {found['bar']}× {met}", found["page_median"], found["page_p95"], found["page_rate"],
        found["queries"], found["kilobytes"],
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def growth_table(smaller: dict, larger: dict) -> str:
    """What ten times the data costs."""
    rows = ["| work | city CPU ms | metro CPU ms | growth | bar |", "|---|---:|---:|---:|---:|"]
    for name, found in smaller.items():
        before, after = found["page_cpu"], larger[name]["page_cpu"]
        growth = after / before
        met = "met" if growth <= MOST_GROWTH else "missed"
        rows.append(f"| {name} | {before} | {after} | {growth:.2f}× | ≤ {MOST_GROWTH}× {met} |")
    return "\n".join(rows)
