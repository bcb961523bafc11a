"""The head and the body of a table in Python.

django-tables2's own way works out a cell's attributes and what its renderer asks for anew for every
cell, which for 50 rows of nine columns costs more than the query; here it is once per column.
"""

from collections.abc import Callable
from html import escape
from inspect import signature

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag(takes_context=True)
def table_head(context, table):
    """The cells of the head; a sortable column links to the next order of this page."""
    query = context["request"].GET.copy()
    name = table.prefixed_order_by_field
    return SafeString("".join(_head_cell(column, query, name) for column in table.columns))


def _head_cell(column, query, name: str) -> str:
    header = conditional_escape(column.header)
    if column.orderable:
        query[name] = column.order_by_alias.next
        header = f'<a href="?{escape(query.urlencode())}">{header}</a>'
    elif not header:
        header = f'<span class="visually-hidden">{escape(gettext("Actions"))}</span>'
    order = ""
    if column.is_ordered:
        down = column.order_by_alias.is_descending
        order = f' aria-sort="{"descending" if down else "ascending"}"'
    return f'<th scope="col" {column.attrs["th"].as_html()}{order}>{header}</th>'


@register.simple_tag
def table_rows(table):
    """All rows of the page. The `attrs` of columns may not be callables; those of rows may."""
    cards = "cards-on-phone" in table.attrs.get("class", "")
    cells = [_cell(column, cards=cards) for column in table.columns]
    rows = []
    for row in table.paginated_rows:
        inner = "".join([cell(row) for cell in cells])
        rows.append(f"<tr {row.attrs.as_html()}>{inner}</tr>")
    return SafeString("\n".join(rows))


def _cell(column, *, cards: bool) -> Callable:
    """What makes a column's cell of a row: a row header where its scope says so.

    On a phone a row may become a card: each cell then tells its column's name.
    """
    attrs = column.attrs["td"]
    if cards:
        attrs.setdefault("data-label", column.header)
    tag = "th" if attrs.get("scope") == "row" else "td"
    start, end = format_html("<{} {}>", tag, attrs.as_html()), f"</{tag}>"
    content = _content(column)
    return lambda row: f"{start}{conditional_escape(content(row))}{end}"


def _content(column) -> Callable:
    """The cell of a row; a renderer that asks for the record alone is called directly."""
    if column.link is None and set(signature(column.render).parameters) == {"record"}:
        return lambda row: _rendered(column, row.record)
    return lambda row: row.get_cell(column.name)


def _rendered(column, record):
    value = column.accessor.resolve(record, quiet=True)
    return column.default if value in column.column.empty_values else column.render(record=record)
