"""The lists of the find page as HTML: joined strings, because a template per row costs too much.

Every text is escaped here; lanes and marks come drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from medshare_portal.templatetags.ui import icon, verdict

LEFT_OUT = {  # code: icon and word
    "far": ("building", _("Too far")),
    "notice": ("clock", _("Short notice")),
    "long": ("hourglass", _("Too long")),
    "units": ("partial", _("Units")),
    "stale": ("info", _("Unconfirmed")),
    "not_offered": ("calendar", _("Not offered")),
    "taken": ("block", _("Taken")),
}


@dataclass(slots=True, kw_only=True)
class ResultRow:
    """One line of the results; ``verdicts`` are (status, words), worst last."""

    rank: int | str
    name: str
    device: str
    place: str
    url: str
    selected: bool
    lane: str
    verdicts: list[tuple[str, str]]
    why: str
    cost: str
    cost_note: str


def result_list(rows: Iterable[ResultRow]) -> SafeString:
    """The items of the list of results."""
    marks = {}
    return SafeString("\n".join(_result(row, marks) for row in rows))


def _result(row: ResultRow, marks: dict[str, str]) -> str:
    current = ' aria-current="true"' if row.selected else ""
    verdicts = "".join(_verdict(status, words, marks) for status, words in row.verdicts)
    why = f'<p class="why">{escape(row.why)}</p>' if row.why else ""
    return (
        f'<li class="result"{current}><span class="rank">{row.rank}</span>'
        f'<span>{_title(row)}<span class="meta">{escape(row.device)}</span>'
        f'<span class="meta">{escape(row.place)}</span></span>'
        f'<div class="on-axis">{row.lane}<div class="verdicts">{verdicts}</div>{why}</div>'
        f'<span class="cost"><strong>{escape(row.cost)}</strong>'
        f'<span class="meta">{escape(row.cost_note)}</span></span></li>'
    )


def _title(row: ResultRow) -> str:
    if not row.url:
        return f'<span class="title">{escape(row.name)}</span>'
    url = escape(row.url)
    return f'<a class="title" href="{url}" hx-get="{url}">{escape(row.name)}</a>'


def _verdict(status: str, words: str, marks: dict[str, str]) -> str:
    """The tag ``verdict`` with its drawing made once per page."""
    if status not in marks:
        marks[status] = verdict(status, "{}")
    return marks[status].replace("{}", escape(words))


def left_out_list(entries) -> SafeString:
    """The terms and descriptions of those left out, as ``free_values.LeftOut`` tells them."""
    terms = {
        code: f"<dt>{icon(name)} {escape(word)}</dt>" for code, (name, word) in LEFT_OUT.items()
    }
    return SafeString(
        "\n".join(
            f"{terms[entry.code]}<dd>{escape(entry.resource.institution)} "
            f"{escape(entry.resource.code)} · {escape(entry.text)}</dd>"
            for entry in entries
        )
    )


def suggestions(names: Iterable[str]) -> SafeString:
    """The options of the list that the search field suggests."""
    return SafeString("".join(f'<option value="{escape(name)}"></option>' for name in names))
