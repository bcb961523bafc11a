"""Words of figures in templates."""

from django import template

from reports.tables.rows import SHAPES

register = template.Library()


@register.filter
def named(words, key):
    """{{ units|named:kpi.unit }}"""
    return words[key]


@register.inclusion_tag("reports/figures/rows.html")
def rows_table(shape, rows, title, head=None):
    """{% rows_table "lots" lots lots_title %}: a plain table (``reports.tables.rows``)."""
    known = SHAPES[shape]
    names = [
        row | {"cells": [(column, row[column.key]) for column in known.columns]} for row in rows
    ]
    return {
        "title": title,
        "head": head or known.head,
        "columns": known.columns,
        "rows": names,
        "empty": known.empty,
        "width": len(known.columns) + 1,
    }
