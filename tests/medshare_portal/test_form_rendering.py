"""A form tells which field is wrong, in words that are tied to the field."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import escape, format_html

from medshare_portal.form_rendering import PAINTERS, MedShareFormRenderer
from medshare_portal.forms.moments import MomentWidget

SCRIPT = "<script>alert(1)</script>"


class LoanForm(forms.Form):
    name = forms.CharField(help_text="As on the label.")
    mode = forms.ChoiceField(choices=[("loan", "Loan")], widget=forms.RadioSelect)
    urgent = forms.BooleanField(required=False)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial="k-1")


def test_a_control_names_its_help_and_its_error():
    html = str(LoanForm({"idempotency_key": "k-1"})["name"])
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_shows_label_help_and_error_beside_the_control():
    html = LoanForm({"idempotency_key": "k-1"})["name"].as_field_group()
    assert 'for="id_name"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_a_wrong_form_begins_with_links_to_its_wrong_fields():
    html = str(LoanForm({"idempotency_key": "k-1"}))
    assert html.index('role="alert"') < html.index('id="id_name"')
    assert 'href="#id_name"' in html
    assert 'href="#id_mode_0"' in html or 'href="#id_mode"' in html


def test_a_fresh_form_has_no_summary_of_errors():
    assert "error-summary" not in str(LoanForm())


def test_the_hidden_idempotency_key_is_rendered_with_the_form():
    assert str(LoanForm()).count('name="idempotency_key" value="k-1"') == 1


def test_radio_buttons_stand_under_a_legend():
    html = LoanForm()["mode"].as_field_group()
    assert "<fieldset" in html
    assert "<legend>" in html


def test_what_was_typed_is_escaped_when_it_comes_back():
    html = str(LoanForm({"name": SCRIPT, "idempotency_key": "k-1"}))
    assert SCRIPT not in html
    assert escape(SCRIPT) in html


ODD = """a "quoted" <b> & 'that' """
GROUPED = [
    ("", "---------"),
    ("Group <1>", [(1, "One"), (2, format_html("<i>{}</i>", "two"))]),
    (ODD, ODD),
]
WIDGETS = [
    forms.TextInput(),
    forms.TextInput(attrs={"list": ODD, "readonly": True, "autofocus": False, "size": 3}),
    forms.NumberInput(attrs={"min": 0}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(),
    forms.DateTimeInput(),
    forms.TimeInput(),
    forms.CheckboxInput(),
    forms.Textarea(attrs={"rows": 2}),
    forms.Select(choices=GROUPED),
    forms.SelectMultiple(choices=GROUPED),
    forms.RadioSelect(choices=GROUPED),
    forms.CheckboxSelectMultiple(choices=GROUPED),
    forms.FileInput(),
    forms.ClearableFileInput(),
]
OWN_CLASS = ' class="form-check-input"'
VALUES = [None, "", "1", 2, ODD, True, False, format_html("<i>{}</i>", ODD), ["1", "2"]]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_widget_has_the_markup_of_its_own_template(widget, value):
    """Only the white space between elements may differ."""
    ours, theirs = MedShareFormRenderer(), TemplatesSetting()
    assert _marks(widget.render("x", value, {"id": "x"}, ours)) == _marks(
        widget.render("x", value, {"id": "x"}, theirs)
    )


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_a_single_choice_has_the_markup_of_its_own_template(widget):
    class Choices(forms.Form):
        x = forms.MultipleChoiceField(widget=widget, choices=GROUPED, initial=["1"])

    ours, theirs = (
        [(_marks(one.tag()), _marks(str(one))) for one in Choices(renderer=renderer())["x"]]
        for renderer in (MedShareFormRenderer, TemplatesSetting)
    )
    assert len(ours) == 4
    assert [re.sub(OWN_CLASS, "", "".join(one)) for one in ours] == list(map("".join, theirs))


def _marks(html):
    return re.sub(r"\s*\n\s*|(?<=>)\s+", "", html)


def test_every_painter_stands_for_a_widget_that_is_compared_or_for_markup_of_ours():
    compared = {widget.template_name for widget in WIDGETS}
    compared |= {getattr(widget, "option_template_name", None) for widget in WIDGETS}
    ours = {name for name in PAINTERS if name.startswith("medshare/")}
    rare = {f"django/forms/widgets/{name}.html" for name in ("tel", "search", "color")}
    assert set(PAINTERS) - compared - ours == rare


def test_an_hour_that_comes_twice_can_be_told_apart():
    widget = MomentWidget()
    widget.zone = ZoneInfo("Europe/Berlin")
    html = widget.render("at", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), {"id": "id_at"})
    assert 'type="datetime-local" name="at" value="2026-10-25T02:30"' in html
    assert '<label class="mt-2" for="id_at_which">' in html
    assert '<select class="form-select" name="at_which" id="id_at_which">' in html
    assert re.findall(r'<option value="(\d?)"( selected)?>', html) == [
        ("", ""),
        ("0", ""),
        ("1", " selected"),
    ]


def test_an_ordinary_hour_has_no_second_control():
    html = MomentWidget().render("at", datetime(2026, 7, 1, 1, 30, tzinfo=UTC), {"id": "id_at"})
    assert "_which" not in html
    assert html.count("<") == 1


def test_choices_label_help_and_errors_are_escaped():
    class Odd(forms.Form):
        odd = forms.ChoiceField(label=ODD, help_text=ODD, choices=[(ODD, ODD)])
        many = forms.MultipleChoiceField(
            label=ODD, choices=[(ODD, ODD)], widget=forms.CheckboxSelectMultiple
        )

    form = Odd({"odd": SCRIPT, "many": [SCRIPT]})
    form.add_error(None, ODD)
    html = str(form)
    assert "<b>" not in html
    assert "<script>" not in html
    assert html.count(escape(ODD)) >= 8
