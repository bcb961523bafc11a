"""Moments, periods and the due clock in templates; the wording is in `local_times`."""

from django import template
from django.utils.html import format_html

from medshare_portal import local_times

register = template.Library()


@register.filter
def moment(value, tz=None):
    """{{ request.starts_at|moment }} or {{ …|moment:site.zone }}"""
    return local_times.describe_moment(value, tz=tz)


@register.filter
def day(value, tz=None):
    """{{ lot.expiry_date|day }}: '25 Nov 2026', '2026/11/25'."""
    return local_times.describe_date(value, tz=tz)


@register.filter
def duration(span):
    return local_times.describe_duration(span) if span is not None else ""


@register.simple_tag
def period(starts_at, ends_at, tz=None):
    return local_times.describe_period(starts_at, ends_at, tz=tz)


@register.simple_tag
def moment_tag(value, tz=None):
    """The same words as `moment` inside <time datetime=…>, for machines."""
    if value is None:
        return ""
    words = local_times.describe_moment(value, tz=tz)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def due_clock(due_at, now, total=None):
    """Time left as words and as a meter; `total` (timedelta) is the whole time allowed."""
    left = due_at - now
    words, level = local_times.describe_left(left), local_times.due_level(left)
    if total is None:
        return format_html('<span class="due due-{}">{}</span>', level, words)
    return format_html(
        '<span class="due due-{}">{}{}</span>',
        level,
        words,
        _meter(local_times.share_left(left, total)),
    )


@register.simple_tag
def meter(percent, css="meter-fill"):
    """A bar of 0 to 100 percent; the number must stand beside it in words."""
    return _meter(percent, css)


def _meter(percent, css="meter-fill"):
    return format_html(
        '<svg class="meter" aria-hidden="true">'
        '<rect class="meter-track" width="100%" height="4" rx="2"></rect>'
        '<rect class="{}" width="{}%" height="4" rx="2"></rect></svg>',
        css,
        percent,
    )
