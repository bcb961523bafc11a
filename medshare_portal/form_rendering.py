"""How forms look: FORM_RENDERER. `{{ form }}` and `{{ field.as_field_group }}` give our markup.

Django 5.2 already links help and errors by aria-describedby and sets aria-invalid; here only
Bootstrap's classes are added and the templates chosen.
"""

from django.forms import BoundField, widgets
from django.forms.renderers import TemplatesSetting

CHECKS = (widgets.CheckboxInput, widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def control_class(widget):
    """Bootstrap's class for a widget; hidden ones have none."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


class AccessibleBoundField(BoundField):
    """A bound field whose control carries its Bootstrap class beside any class of its own."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        own = f"{widget.attrs.get('class', '')} {attrs.get('class', '')}".strip()
        added = control_class(widget)
        if added and added not in own:
            attrs["class"] = f"{added} {own}".strip()
        return attrs

    @property
    def is_single_check(self):
        return isinstance(self.field.widget, widgets.CheckboxInput)

    @property
    def is_choice_group(self):
        """Radio buttons or tick boxes: several controls under one legend."""
        return isinstance(self.field.widget, CHECKS) and not self.is_single_check


class MedShareFormRenderer(TemplatesSetting):
    form_template_name = "django/forms/medshare_form.html"
    field_template_name = "django/forms/medshare_field.html"
    bound_field_class = AccessibleBoundField
