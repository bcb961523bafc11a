"""How forms look: FORM_RENDERER. `{{ form }}` and `{{ field.as_field_group }}` give our markup.

Django 5.2 already links help and errors by aria-describedby and sets aria-invalid; here only
Bootstrap's classes are added and the markup chosen.  What pages are full of – fields, inputs,
selects and their options – is joined text (``widgets``, ``fields``): a template per option of a
select costs more than the database's work for the page.  Every other widget keeps its template.
"""

from django.forms import BoundField
from django.forms import widgets as controls
from django.forms.renderers import TemplatesSetting

from medshare_portal.form_rendering import fields, widgets

CHECKS = (controls.CheckboxInput, controls.RadioSelect, controls.CheckboxSelectMultiple)
PAINTERS = widgets.PAINTERS | fields.PAINTERS


def control_class(widget):
    """Bootstrap's class for a widget; hidden ones have none."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, controls.Select):
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
        return isinstance(self.field.widget, controls.CheckboxInput)

    @property
    def is_choice_group(self):
        """Radio buttons or tick boxes: several controls under one legend."""
        return isinstance(self.field.widget, CHECKS) and not self.is_single_check


class MedShareFormRenderer(TemplatesSetting):
    form_template_name = fields.FORM
    field_template_name = fields.FIELD
    bound_field_class = AccessibleBoundField

    def render(self, template_name, context, request=None):
        """Markup by the painter of that name, or by the template."""
        paint = PAINTERS.get(template_name)
        return paint(context) if paint else super().render(template_name, context, request)
