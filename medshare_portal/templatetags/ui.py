"""Small marks that stand in table rows: tags, because an include per cell is slow."""

import secrets

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from medshare_portal.furniture import remembered
from medshare_portal.submissions import FIELD as IDEMPOTENCY_FIELD

register = template.Library()

BADGE_ICONS = {
    "ok": "pass",
    "warn": "warn",
    "bad": "block",
    "info": "info",
    "neutral": "dot",
    "partial": "partial",
    "use": "play",
    "waiting": "clock",
}
BADGE_TONES = {"partial": "warn", "use": "info", "waiting": "neutral"}
FINDING_ICONS = {"block": "block", "warn": "warn", "info": "info", "ok": "pass"}
MESSAGE_ICONS = {"success": "pass", "warning": "warn", "error": "block"}


@register.simple_tag
def icon(name, css="", label=""):
    """One drawing of the sprite. Without `label` it is decoration and hidden from readers."""
    return _drawing(str(name), str(css), str(label))


@remembered(512)
def _drawing(name, css, label):
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css,
            label,
            href,
        )
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}"></use></svg>', css, href
    )


@register.simple_tag
def badge(status, text, icon_name=""):
    """A status with shape, colour and word: ok warn bad info neutral partial use waiting."""
    shape = icon(icon_name or BADGE_ICONS.get(status, "dot"))
    tone = BADGE_TONES.get(status, status)
    return format_html('<span class="badge-status badge-{}">{}{}</span>', tone, shape, text)


@register.simple_tag
def verdict(status, text, icon_name=""):
    """The same as `badge` but as coloured words without a box."""
    shape = icon(icon_name or BADGE_ICONS.get(status, "dot"))
    tone = BADGE_TONES.get(status, status)
    return format_html('<span class="verdict t-{}">{}{}</span>', tone, shape, text)


@register.simple_tag
def idempotency_field():
    """The hidden key of a form that writes: the same form twice is one submission."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', IDEMPOTENCY_FIELD, secrets.token_urlsafe(18)
    )


@register.simple_tag
def html_lang():
    """The BCP 47 tag for <html lang>: zh-Hans, not Django's zh-hans."""
    return "zh-Hans" if (get_language() or "").startswith("zh") else (get_language() or "en")


@register.filter
def initials(name):
    """Two letters of a Latin name, one character of a Chinese one."""
    words = str(name).split()
    if not words:
        return ""
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def finding_icon(severity):
    return FINDING_ICONS.get(str(severity), "info")


@register.filter
def message_icon(level_tag):
    return MESSAGE_ICONS.get(str(level_tag).split(" ")[-1], "info")


@register.filter
def chosen_count(form):
    """How many of the fields that a person sees carry a value beyond what they begin with."""
    fields = form.visible_fields()
    return sum(bool(field.value()) and field.value() != field.field.initial for field in fields)


@register.simple_tag
def pages_around(page):
    """At most five page numbers, with None for a gap: 1 … 6 7 8 … 40 keeps the ends."""
    last, here = page.paginator.num_pages, page.number
    near = {n for n in (1, here - 1, here, here + 1, last) if 1 <= n <= last}
    numbers = []
    for number in sorted(near):
        if numbers and number != numbers[-1] + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.simple_tag
def page_span(page):
    """'51 – 100 of 1240'; a lazy paginator does not count: '51 – 100'.

    One that stops counting says 'of 2000+'.
    """
    size = page.paginator.per_page
    first = (page.number - 1) * size + 1
    last = first + len(page.object_list) - 1
    total = getattr(page.paginator, "known_count", None)
    if total is None and type(page.paginator).__name__ != "LazyPaginator":
        total = page.paginator.count
        total = f"{total}+" if getattr(page.paginator, "capped", False) else total
    words = {"first": first, "last": last, "total": total}
    if total is None:
        return _("%(first)s – %(last)s") % words
    return _("%(first)s – %(last)s of %(total)s") % words
