"""The fields of the catalogue's filters: choices with counts as joined strings, and an
institution that is found by typing."""

from collections import Counter
from html import escape

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import is_chinese
from medshare_portal.models import Institution

MOST_NAMED = 5


class FacetSelect(forms.Select):
    """A select whose options are plain rows: one string, not a template per option."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.rows: list[tuple] = []
        self.empty_label = _("Any")

    def render(self, name, value, attrs=None, renderer=None):
        attributes = self.build_attrs(self.attrs, attrs)
        parts = [f"<select name={quoted(name)}"]
        parts += [f" {key}={quoted(text)}" for key, text in attributes.items() if text]
        parts.append(f'><option value="">{escape(str(self.empty_label))}</option>')
        chosen = str(value or "")
        for key, label in self.rows:
            mark = " selected" if str(key) == chosen else ""
            parts.append(f"<option value={quoted(key)}{mark}>{escape(str(label))}</option>")
        return SafeString("".join([*parts, "</select>"]))


class SuggestedInput(forms.TextInput):
    """A text box with suggestions, ``rows`` of (value, label); shows ``chosen`` when it is set."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.rows: list[tuple] = []
        self.chosen = ""

    def render(self, name, value, attrs=None, renderer=None):
        suggestions = f"{name}-suggestions"
        box = super().render(
            name, self.chosen or value, (attrs or {}) | {"list": suggestions}, renderer
        )
        options = "".join(
            f"<option value={quoted(key)}>{escape(str(label))}</option>" for key, label in self.rows
        )
        return SafeString(f"{box}<datalist id={quoted(suggestions)}>{options}</datalist>")


def quoted(value) -> str:
    """An attribute's value, escaped, in its quotation marks."""
    return f'"{escape(str(value))}"'


class InstitutionField(forms.CharField):
    """An institution by its short name, its name in either language, or enough of one."""

    widget = SuggestedInput
    default_error_messages = {
        "unknown": _(
            "No institution is called “%(text)s”. Type part of its name, in English or Chinese."
        ),
        "several": _(
            "More than one institution fits “%(text)s”: %(names)s. Type more of the name."
        ),
    }

    def clean(self, value) -> Institution | None:
        text = super().clean(value)
        if not text:
            return None
        found = self._called(text) or self._like(text)
        if len(found) != 1:
            code = "several" if found else "unknown"
            words = {"text": text, "names": _listed(found)}
            raise ValidationError(self.error_messages[code], code=code, params=words)
        self.widget.chosen = found[0].name
        return found[0]

    def _called(self, text: str) -> list[Institution]:
        """Whose name it is; a short name is nobody else's."""
        exactly = Q(slug=text) | Q(name_en__iexact=text) | Q(name_zh__iexact=text)
        found = _first_of(exactly)
        return [one for one in found if one.slug == text] or found

    def _like(self, text: str) -> list[Institution]:
        return _first_of(Q(name_en__icontains=text) | Q(name_zh__icontains=text))


def _first_of(condition: Q) -> list[Institution]:
    rows = Institution.objects.directory().filter(condition)
    return list(rows.order_by("name_en", "pk")[: MOST_NAMED + 1])


def _listed(found: list[Institution]) -> str:
    """Their names; where two have the same, the short name that tells them apart."""
    same = Counter(one.name for one in found)
    named = [f"{one.name} ({one.slug})" if same[one.name] > 1 else one.name for one in found]
    comma = "、" if is_chinese() else ", "
    return comma.join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")
