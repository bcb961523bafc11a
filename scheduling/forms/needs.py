"""Posting and amending a need, and answering one."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from resources.kinds import kind_choices
from resources.models import Category, Resource
from resources.person_data import no_person_data
from resources.search import normal
from scheduling.actions.needs import NeedTerms
from scheduling.forms.find import DISTANCES
from scheduling.states import Priority

LONGEST_SHIFT = 24 * 90


class TermsForm(EndAfterStart, forms.Form):
    """What may be amended: when, how much, where, how urgent and why."""

    starts_at = MomentField(label=_("From"), required=False)
    ends_at = MomentField(label=_("Until"), required=False)
    needed_by = MomentField(
        label=_("Or needed by"), required=False, help_text=_("For what is not lent for a time.")
    )
    flexible_hours = forms.IntegerField(
        label=_("May shift by, hours"), required=False, min_value=0, max_value=LONGEST_SHIFT
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, initial=1)
    skills = forms.CharField(
        label=_("Skills or properties it must have"),
        max_length=300,
        required=False,
        validators=[no_person_data],
    )
    site = forms.TypedChoiceField(label=_("Needed at"), choices=(), required=False)
    within_km = forms.TypedChoiceField(
        label=_("How far away"), choices=DISTANCES, required=False, coerce=int, empty_value=None
    )
    priority = forms.ChoiceField(label=_("Urgency"), choices=Priority, initial=Priority.ROUTINE)
    justification = forms.CharField(
        label=_("Why it is urgent"),
        max_length=1000,
        required=False,
        validators=[no_person_data],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed above routine. Other hospitals read it: no data of patients."),
    )
    note = forms.CharField(
        label=_("What else matters"),
        max_length=1000,
        required=False,
        validators=[no_person_data],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, sites, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(str(site.pk), site.name) for site in sites]
        self.fields["site"].coerce = {str(site.pk): site for site in sites}.get
        self.fields["site"].empty_value = None
        set_zone(self, zone)

    def clean(self):
        values = super().clean()
        self._check_times(values)
        urgent = values.get("priority", Priority.ROUTINE) != Priority.ROUTINE
        if urgent and not values.get("justification") and "justification" not in self.errors:
            self.add_error("justification", _("Say why it is urgent."))
        return values

    def _check_times(self, values: dict) -> None:
        """A window or a moment, and of a window both ends."""
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if {"starts_at", "ends_at", "needed_by"} & set(self.errors):
            return
        if bool(starts_at) != bool(ends_at):
            missing = "ends_at" if starts_at else "starts_at"
            self.add_error(missing, _("Give both ends of the time, or none."))
        elif starts_at and values.get("needed_by"):
            self.add_error("needed_by", _("Give a time from – until or a moment, not both."))
        elif not starts_at and not values.get("needed_by"):
            self.add_error("needed_by", _("Give a time from – until, or a moment by which."))

    def terms(self) -> NeedTerms:
        """What the actions want; only after validation."""
        values = {name: self.cleaned_data[name] for name in NeedTerms.__dataclass_fields__}
        return NeedTerms(**values | {"flexible_hours": values["flexible_hours"] or 0})


class AmendForm(TermsForm):
    """``version`` is that of the need when the form was opened."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class NeedForm(TermsForm):
    """A new need: of which kind (of ``kinds``, or of any), and what."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=(),
        error_messages={"invalid_choice": _("Choose a kind that your role may ask for.")},
    )
    what = forms.CharField(
        label=_("What you need"),
        max_length=200,
        validators=[no_person_data],
        help_text=_("A category or its code finds more who can help than free words."),
        widget=forms.TextInput(attrs={"list": "need-categories"}),
    )
    field_order = ("kind", "what")

    def __init__(self, *args, kinds: Collection[str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            choice for choice in kind_choices() if kinds is None or choice[0] in kinds
        ]

    def clean(self):
        values = super().clean()
        values["category"] = category_called(values.get("kind", ""), values.get("what", ""))
        return values

    def posted(self) -> dict:
        """The arguments of ``needs.post`` beside who and when."""
        names = ("kind", "what", "category")
        return {name: self.cleaned_data[name] for name in names} | {"terms": self.terms()}


def category_called(kind: str, text: str) -> Category | None:
    """The category of the kind with this name in either language, or this code."""
    wanted = normal(text.strip())
    if not wanted:
        return None
    rows = Category.objects.filter(kind=kind, shareable=True).order_by("path")
    names = rows.values_list("pk", "slug", "name_en", "name_zh", "primary_code__code")
    found = next((row[0] for row in names if wanted in map(normal, _filled(row[1:]))), None)
    return rows.get(pk=found) if found else None


def _filled(texts) -> list[str]:
    return [text for text in texts if text]


class AnswerForm(forms.Form):
    """With which of our resources we can help."""

    resource = forms.ModelChoiceField(
        Resource.objects.none(), label=_("With what"), empty_label=None
    )
    note = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        validators=[no_person_data],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the hospital that needs it reads this."),
    )

    def __init__(self, *args, resources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resource"].queryset = resources
        self.fields["resource"].label_from_instance = _named

    field_order = ("resource", "note")


def _named(resource) -> str:
    return f"{resource.name} · {resource.code} · {resource.site.name}"
