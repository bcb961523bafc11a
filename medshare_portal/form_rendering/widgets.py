"""Django's plain widgets as joined text: the markup of its templates, value for value escaped.

The names are those of Django's templates, so that a widget needs to know nothing of this; each
painter takes the context that its template would get.
"""

from html import escape

from django.utils.translation import gettext as _

MOMENT = "medshare/moment"


def shown(value) -> str:
    """A value in markup: escaped, unless it is markup already."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def attributes(attrs: dict) -> str:
    return "".join(
        f" {shown(name)}" if value is True else f' {shown(name)}="{shown(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def text_input(context: dict) -> str:
    """Every <input> whose type says all: text, number, hidden, date, check box …"""
    widget = context["widget"]
    value = widget["value"]
    value = "" if value is None else f' value="{shown(value)}"'
    start = f'<input type="{shown(widget["type"])}" name="{shown(widget["name"])}"'
    return f"{start}{value}{attributes(widget['attrs'])}>"


def textarea(context: dict) -> str:
    widget = context["widget"]
    words = shown(widget["value"]) if widget["value"] else ""
    name, attrs = shown(widget["name"]), attributes(widget["attrs"])
    return f'<textarea name="{name}"{attrs}>\n{words}</textarea>'


def select(context: dict) -> str:
    widget = context["widget"]
    groups = "".join(_group(label, options) for label, options, _index in widget["optgroups"])
    name, attrs = shown(widget["name"]), attributes(widget["attrs"])
    return f'<select name="{name}"{attrs}>{groups}\n</select>'


def _group(label, options) -> str:
    inside = "".join(_option(option) for option in options)
    if not label:
        return inside
    return f'\n<optgroup label="{shown(label)}">{inside}\n</optgroup>'


def _option(option: dict) -> str:
    value, attrs = shown(option["value"]), attributes(option["attrs"])
    return f'\n<option value="{value}"{attrs}>{shown(option["label"])}</option>'


def choice(context: dict) -> str:
    """One radio button or tick box, with its words around it where Django asks for them."""
    widget = context["widget"]
    if not widget.get("wrap_label"):
        return text_input(context)
    owner = widget["attrs"].get("id")
    target = f' for="{shown(owner)}"' if owner else ""
    return f"<label{target}>{text_input(context)} {shown(widget['label'])}</label>"


def moment(context: dict) -> str:
    """A local date-time; where an hour comes twice that night, also which of the two is meant."""
    widget = context["widget"]
    return text_input(context) + (_meanings(widget) if widget["meanings"] else "")


def _meanings(widget: dict) -> str:
    name, owner = f"{shown(widget['name'])}_which", f"{shown(widget['attrs'].get('id'))}_which"
    options = "".join(_meaning(meaning) for meaning in widget["meanings"])
    label = escape(_("This time comes twice that night"))
    return (
        f'\n<label class="mt-2" for="{owner}">{label}</label>\n'
        f'<select class="form-select" name="{name}" id="{owner}">'
        f'\n<option value="">{escape(_("choose"))}</option>{options}\n</select>'
    )


def _meaning(meaning: dict) -> str:
    chosen = " selected" if meaning["chosen"] else ""
    return f'\n<option value="{meaning["value"]}"{chosen}>{shown(meaning["label"])}</option>'


INPUTS = (
    "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date",
    "datetime", "time", "checkbox",
)  # fmt: skip
PAINTERS = {f"django/forms/widgets/{name}.html": text_input for name in INPUTS} | {
    "django/forms/widgets/textarea.html": textarea,
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/radio_option.html": choice,
    "django/forms/widgets/checkbox_option.html": choice,
    MOMENT: moment,
}
