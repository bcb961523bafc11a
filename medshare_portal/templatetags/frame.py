"""The frame of a page: furniture from `medshare_portal.frame`."""

from django import template

from medshare_portal import frame

register = template.Library()


@register.simple_tag
def frame_head():
    return frame.head()


@register.simple_tag(takes_context=True)
def frame_menus(context):
    """{% frame_menus as menus %}: menus.sidebar and menus.bottom_bar."""
    return frame.menus(context["request"])


@register.simple_tag(takes_context=True)
def frame_crisis(context):
    return frame.crisis_bar(context["request"])


@register.simple_tag(takes_context=True)
def frame_topbar(context):
    return frame.topbar(context["request"], context["csrf_token"])
