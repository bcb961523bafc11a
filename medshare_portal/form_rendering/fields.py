"""A form and its fields as joined text: label, control, help and errors tied to one another."""

from html import escape

from django.utils.translation import gettext as _

from medshare_portal.form_rendering.widgets import shown

FORM, FIELD = "medshare/form", "medshare/field"
STAR = ' <span class="req" aria-hidden="true">*</span>'


def form(context: dict) -> str:
    """A whole form: what is wrong with it, the hidden fields, the fields."""
    hidden = [str(field) for field in context["hidden_fields"]]
    groups = [field.as_field_group() for field, _errors in context["fields"]]
    return "\n".join([*_summary(context), *hidden, *groups])


def _summary(context: dict) -> list[str]:
    """All that is wrong, each with a link to its field; nothing for a fresh form."""
    if not (context["form"].is_bound and context["form"].errors):
        return []
    points = [shown(error) for error in context["errors"]]
    points += [_link(field, errors) for field, errors in context["fields"] if errors]
    listed = "".join(f"\n<li>{point}</li>" for point in points)
    return [
        '<div class="error-summary" role="alert" tabindex="-1">'
        f"\n<h2>{escape(_('Please look at these points'))}</h2>\n<ul>{listed}\n</ul>\n</div>"
    ]


def _link(field, errors) -> str:
    target = field.id_for_label or field.auto_id
    return f'<a href="#{shown(target)}">{shown(field.label)}: {shown(errors[0])}</a>'


def field(context: dict) -> str:
    """One field with all that belongs to it."""
    field = context["field"]
    owner = shown(field.auto_id)
    css, id_ = shown(field.css_classes()), f' id="{owner}"' if field.is_choice_group else ""
    inside = f"{_body(field)}{_help(field, owner)}{_errors(field, owner)}"
    return f'<div class="field {css}"{id_}>\n{inside}</div>'


def _body(field) -> str:
    if field.is_single_check:
        return _check(field)
    return _fieldset(field) if field.use_fieldset else _labelled(field)


def _check(field) -> str:
    return _form_check(field, field.id_for_label, f"{shown(field.label)}{_star(field)}")


def _form_check(control, owner, words) -> str:
    label = f'<label class="form-check-label" for="{shown(owner)}">{words}</label>'
    return f'<div class="form-check">\n{control}\n{label}\n</div>\n'


def _fieldset(field) -> str:
    """Several controls under one legend."""
    described = field.aria_describedby
    described = f' aria-describedby="{shown(described)}"' if described else ""
    legend = f"<legend>{shown(field.label)}{_star(field)}</legend>"
    controls = _choices(field) if field.is_choice_group else str(field)
    return f"<fieldset{described}>\n{legend}\n{controls}\n</fieldset>\n"


def _choices(field) -> str:
    checks = "".join(
        _form_check(choice.tag(), choice.id_for_label, shown(choice.choice_label))
        for choice in field
    )
    return f'<div class="choices">\n{checks}</div>'


def _labelled(field) -> str:
    words = shown(field.label) + _star(field)
    if field.field.required:
        words += f' <span class="visually-hidden">({escape(_("required"))})</span>'
    return f'<label for="{shown(field.id_for_label)}">{words}</label>\n{field}\n'


def _star(field) -> str:
    return STAR if field.field.required else ""


def _help(field, owner: str) -> str:
    if not field.help_text:
        return ""
    return f'<div class="helptext" id="{owner}_helptext">{shown(field.help_text)}</div>\n'


def _errors(field, owner: str) -> str:
    errors = field.errors
    if not errors:
        return ""
    listed = "".join(f"<li>{shown(error)}</li>" for error in errors)
    return f'<ul class="errorlist" id="{owner}_error">{listed}</ul>\n'


PAINTERS = {FORM: form, FIELD: field}
