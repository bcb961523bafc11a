"""Words of figures in templates."""

from django import template

register = template.Library()


@register.filter
def named(words, key):
    """{{ units|named:kpi.unit }}"""
    return words[key]
