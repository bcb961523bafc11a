"""A form tells which field is wrong, in words that are tied to the field."""

from django import forms
from django.utils.html import escape

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
