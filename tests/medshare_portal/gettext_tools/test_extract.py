from medshare_portal.gettext_tools.extract import Text, from_python, from_template


def test_python_texts_are_found_under_the_name_that_the_file_gives_them():
    source = """
from django.utils.translation import gettext as shout, gettext_lazy as _, ngettext, pgettext_lazy
from django.utils import translation
title = _("Free " "devices")
label = pgettext_lazy("verb", "Open")
def text(n):
    return shout("Now") + ngettext("%(n)s device", "%(n)s devices", n) + translation.gettext("Later")
"""
    assert set(from_python(source)) == {
        Text("Free devices"),
        Text("Open", context="verb"),
        Text("Now"),
        Text("%(n)s device", plural="%(n)s devices"),
        Text("Later"),
    }


def test_python_calls_of_other_functions_and_computed_texts_are_left_out():
    source = """
from django.utils.translation import gettext
from somewhere import _
_("not ours")
gettext(title)
gettext(f"{title}")
"""
    assert list(from_python(source)) == []


def test_template_texts_are_found_in_tags_filters_and_blocks():
    source = """
<p title="{% translate 'The title' %}">Hello {{ name|default:_("nobody") }}</p>
{% translate "Open" context "verb" %}
{% blocktranslate trimmed count counter=devices with place=site.name %}
  {{ counter }} device at {{ place }}
{% plural %}
  {{ counter }} devices at {{ place }}
{% endblocktranslate %}
{% blocktranslate %}100% of it{% endblocktranslate %}
"""
    assert set(from_template(source)) == {
        Text("The title"),
        Text("nobody"),
        Text("Open", context="verb"),
        Text("%(counter)s device at %(place)s", plural="%(counter)s devices at %(place)s"),
        Text("100%% of it"),
    }
