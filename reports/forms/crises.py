"""The city declares, extends and ends a crisis."""

from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.actions.crises import Declaration, WrongLength
from medshare_portal.bilingual import localised
from medshare_portal.forms.choices import ManyOf
from medshare_portal.models import Code, Consortium, ConsortiumMembership, Institution
from medshare_portal.models.crisis import LONGEST_WAIT
from medshare_portal.relaxations import relaxations
from resources.kinds import kinds
from resources.models import Category

WHOLE_CITY, DISTRICTS, LEVELS, CONSORTIA, CHOSEN = (
    "city", "districts", "levels", "consortia", "chosen",
)  # fmt: skip
WHERE = [
    (WHOLE_CITY, _("The whole city")),
    (DISTRICTS, _("Districts")),
    (LEVELS, _("Hospital levels")),
    (CONSORTIA, _("Consortia")),
    (CHOSEN, _("Chosen institutions")),
]
# The column of an institution by which each is found, what is said where none is ticked.
PARTS = {
    DISTRICTS: ("district_en", _("Choose at least one district.")),
    LEVELS: ("hospital_level", _("Choose at least one level.")),
    CONSORTIA: ("pk", _("Choose at least one consortium.")),
}
LEVEL_LIST = "cn-hospital-level"
USUAL_HOURS = 72


def reason_field(label=None) -> forms.CharField:
    return forms.CharField(
        label=label or _("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HoursField(forms.IntegerField):
    """Hours until the automatic end, as many as the policy allows."""

    def validate(self, value):
        super().validate(value)
        longest = policy.current().crisis.longest_hours
        if value is not None and not 1 <= value <= longest:
            raise forms.ValidationError(WrongLength(longest).message)


def hours_field(**fields) -> HoursField:
    return HoursField(
        label=_("Ends by itself after, hours"), min_value=1, initial=USUAL_HOURS, **fields
    )


def ticks(label, *, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=required, widget=forms.CheckboxSelectMultiple
    )


class Confirmed(forms.Form):
    """A form that is asked about once more before it does what it says."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def hide(self) -> None:
        """Carry everything along unseen: the next post confirms it."""
        self.data = self.data.copy()
        self.data["confirmed"] = "on"
        for field in self.fields.values():
            field.widget = field.hidden_widget()


class DeclareForm(Confirmed):
    """What happens, where, what is relaxed and for how long."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=200, required=False)
    reason = reason_field()
    where = forms.ChoiceField(
        label=_("Where"), choices=WHERE, initial=WHOLE_CITY, widget=forms.RadioSelect
    )
    districts = ticks(_("Districts"), required=False)
    levels = ticks(_("Hospital levels"), required=False)
    consortia = ticks(_("Consortia"), required=False)
    institutions = ManyOf(
        label=_("Institutions"),
        queryset=Institution.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = ticks(_("Kinds"))
    categories = forms.TypedMultipleChoiceField(
        label=_("Only these categories"),
        help_text=_("With those below. Of a kind without a chosen category all is reached."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    relaxed = ticks(_("What is relaxed"))
    hours = hours_field()
    wait_minutes = forms.IntegerField(
        label=_("The owner has, minutes"),
        help_text=_("to answer an emergency before the city may; 0: the city may at once"),
        min_value=0,
        max_value=LONGEST_WAIT,
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        limits = policy.current().crisis
        directory = Institution.objects.directory().order_by("slug")
        self.fields["institutions"].queryset = directory
        self.fields["districts"].choices = _districts(directory)
        self.fields["levels"].choices = _levels(directory)
        self.fields["consortia"].choices = _consortia()
        self.tree = {each.pk: each for each in Category.objects.order_by("kind", "path")}
        self.fields["categories"].choices = _tree(self.tree.values())
        self._all("kinds", [(kind.code, kind.label) for kind in kinds])
        self._all("relaxed", [(each.code, capfirst(each.label)) for each in relaxations])
        self.fields["wait_minutes"].initial = limits.wait_minutes

    def _all(self, name: str, choices: list[tuple]) -> None:
        """Everything is ticked first: in a hurry the city takes away, it does not add."""
        self.fields[name].choices = choices
        self.fields[name].initial = [code for code, _label in choices]

    def clean(self):
        values = super().clean()
        if not values.get("name_en") and not values.get("name_zh"):
            self.add_error("name_en", _("Give a name in at least one language."))
        where = values.get("where")
        if where in PARTS and not values.get(where):
            self.add_error(where, PARTS[where][1])
        if where == CHOSEN and len(values.get("institutions") or ()) < 2:
            self.add_error("institutions", _("Choose at least two institutions."))
        if any(each.kind not in values.get("kinds", ()) for each in self.chosen_categories()):
            self.add_error("categories", _("A chosen category is of a kind that is not ticked."))
        return values

    @property
    def declaration(self) -> Declaration:
        """What the action takes; only after validation."""
        values = self.cleaned_data
        return Declaration(
            name_en=values["name_en"],
            name_zh=values["name_zh"],
            reason=values["reason"],
            institutions=self.places(),
            kinds=tuple(values["kinds"]),
            relaxed=tuple(values["relaxed"]),
            categories=tuple(self._with_those_below()),
            hours=values["hours"],
            wait_minutes=values["wait_minutes"],
        )

    def chosen_categories(self) -> list[Category]:
        return [self.tree[key] for key in self.cleaned_data.get("categories") or ()]

    def _with_those_below(self) -> list[tuple[str, int]]:
        """(kind, key) of the chosen categories and of all below them."""
        chosen = [(each.kind, each.path) for each in self.chosen_categories()]
        return [
            (each.kind, each.pk)
            for each in self.tree.values()
            if any(each.kind == kind and each.path.startswith(path) for kind, path in chosen)
        ]

    def places(self) -> tuple[Institution, ...] | None:
        """The institutions within the scope; None: all."""
        values = self.cleaned_data
        if values["where"] == WHOLE_CITY:
            return None
        if values["where"] == CHOSEN:
            return tuple(values["institutions"])
        column, _words = PARTS[values["where"]]
        found = values[values["where"]]
        if values["where"] == CONSORTIA:
            found = _members(found, self.today)
        return tuple(self.fields["institutions"].queryset.filter(**{f"{column}__in": found}))


def _levels(directory) -> list[tuple[str, str]]:
    """The levels that some institution has, in the order of the city's list, in words."""
    found = set(directory.values_list("hospital_level", flat=True))
    rows = Code.objects.filter(system__slug=LEVEL_LIST, code__in=found).order_by("code", "pk")
    return [(row.code, row.display) for row in rows]


def _tree(categories) -> list[tuple[int, str]]:
    """The categories kind by kind, each indented by its depth; the highest name their kind."""
    found: dict[str, list[tuple[int, str]]] = {kind.code: [] for kind in kinds}
    for each in categories:
        if each.kind in found:
            depth = each.path.count("/") - 1
            kind = "" if depth else f"{kinds[each.kind].label} · "
            found[each.kind].append((each.pk, "\u2003" * depth + kind + each.name))
    return [row for rows in found.values() for row in rows]


def _consortia() -> list[tuple[str, str]]:
    return [(row.slug, row.name) for row in Consortium.objects.order_by("slug")]


def _members(slugs, today: date):
    """Who is in these consortia today."""
    rows = ConsortiumMembership.objects.on(today).filter(consortium__slug__in=slugs)
    return rows.values("institution")


def _districts(directory) -> list[tuple[str, str]]:
    """(English name, name in the reader's language) of every district that has an institution."""
    found = {place.district_en: localised(place, "district") for place in directory}
    return sorted((code, label) for code, label in found.items() if code)


class ExtendForm(Confirmed):
    hours = hours_field(help_text=_("counted from now, later than the end so far"))
    reason = reason_field(_("Why longer"))


class EndForm(Confirmed):
    reason = reason_field(_("Why it ends now"))


class CityApproveForm(Confirmed):
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    reason = reason_field(_("Why in the owner's place"))
