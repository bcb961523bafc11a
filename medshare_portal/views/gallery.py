"""Every component in every state, for those who write pages. Routed only while DEBUG."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render

AN_HOUR = timedelta(hours=1)
EXAMPLE_NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As it stands on the label.", max_length=20)
    starts_at = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), label="From"
    )
    category = forms.ChoiceField(choices=[("", "Choose"), ("v", "Ventilator")])
    mode = forms.ChoiceField(
        choices=[("loan", "Loan"), ("on_site", "On site")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        choices=[("1", "Mon"), ("2", "Tue")], widget=forms.CheckboxSelectMultiple, required=False
    )
    urgent = forms.BooleanField(label="It is urgent", required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial="example")


LEGEND = [
    ("booked", "Booked"),
    ("use", "In use now"),
    ("asked", "Requested"),
    ("own", "Own use"),
    ("own-planned", "Own use, planned"),
    ("past", "Returned"),
    ("clean", "Cleaning"),
    ("repair", "Repair"),
    ("late", "Overdue"),
    ("hold", "Held"),
    ("offered", "Offered"),
    ("free", "Free"),
    ("taken", "Taken"),
    ("wish", "Your dates"),
    ("uncovered", "Not covered"),
    ("a", "This request"),
    ("b", "The other request"),
]


def _finding(severity, title, message, what_to_do=""):
    return {"severity": severity, "title": title, "message": message, "what_to_do": what_to_do}


def _option(title, note, *, checked=False, disabled=False, verdict=None):
    return {
        "value": title,
        "title": title,
        "note": note,
        "price": "¥4,500",
        "verdict": verdict,
        "checked": checked,
        "disabled": disabled,
    }


def _options():
    """The approver's choices, one of them shut."""
    return [
        _option(
            "Approve 60 h",
            "As asked",
            disabled=True,
            verdict={"status": "bad", "text": "Blocked"},
        ),
        _option(
            "Approve a part",
            "Until Thu 06:00",
            checked=True,
            verdict={"status": "ok", "text": "Clears the block"},
        ),
        _option("Decline", "A reason is needed"),
    ]


def examples():
    """The gallery's context: invented content for each component."""
    return {
        "now": EXAMPLE_NOW,
        "dues": [
            (EXAMPLE_NOW + AN_HOUR * left, AN_HOUR * total)
            for left, total in ((-1.2, 4), (0.6, 2), (1.4, 3), (6.5, 10), (49, 52))
        ],
        "statuses": ["ok", "warn", "bad", "info", "neutral", "partial", "use", "waiting"],
        "findings": [
            _finding("block", "Blocks these dates", "It is back on Wed 08:00.", "Start at 10:00."),
            _finding("warn", "Worth knowing", "Their desk closes an hour after the return."),
            _finding("info", "For information", "The owner answers in three hours on average."),
        ],
        "options": _options(),
        "steps": [
            {"label": "Approved", "state": "done"},
            {"label": "Handed over", "state": "current"},
            {"label": "Received", "state": "next"},
            {"label": "Returned", "state": "next"},
        ],
        "tabs": [
            {"label": "All", "url": "#", "count": 7, "active": True},
            {"label": "Equipment", "url": "#", "count": 0, "active": False},
        ],
        "buttons": [
            {"label": "Change", "url": "#", "icon": "edit", "primary": False},
            {"label": "Offer it", "url": "#", "icon": "", "primary": True},
        ],
        "definitions": [("Owner", "Renhe General"), ("Where", "ICU 2"), ("Left out", "")],
        "stepper": {"name": "pieces", "value": 6, "label": "Accessories", "min": 0, "max": 6},
        "legend": LEGEND,
        "form": ExampleForm(),
        "wrong_form": ExampleForm(
            {"wrong-name": "x" * 30, "wrong-idempotency_key": "example"}, prefix="wrong"
        ),
    }


@login_not_required
def gallery(request):
    return render(request, "components/index.html", examples())
