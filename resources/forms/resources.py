"""One page enters a resource: its common fields, its kind's fields, its accessories."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Site
from resources.kinds import CatalogueKind
from resources.models import Accessory, Category, Resource

MOST_ACCESSORIES = 30


class CategoryField(forms.ModelChoiceField):
    """Shows the tree by indentation."""

    def label_from_instance(self, obj) -> str:
        return "\u2003" * (obj.path.count("/") - 1) + obj.name


class ResourceForm(forms.ModelForm):
    """Common fields; ``detail`` and ``accessories`` are validated with them.

    Whether a number is taken is asked by the action, not here: a form that is sent twice must get
    its first answer and no complaint about its own row.
    """

    category = CategoryField(label=_("Category"), queryset=Category.objects.none())
    units = forms.IntegerField(
        label=_("Number of units"),
        min_value=1,
        max_value=10_000,
        initial=1,
        help_text=_("More than 1 for a set of equal devices."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    class Meta:
        model = Resource
        fields = ["name_en", "name_zh", "code", "category", "site", "room", "units", "condition"]

    def __init__(
        self,
        *args,
        institution,
        kind: CatalogueKind,
        detail=None,
        lines=(),
        detail_initial=None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.institution, self.kind = institution, kind
        self.fields["code"].label = kind.number_label
        for name in set(self.Meta.fields) - set(kind.common_fields):
            del self.fields[name]
        self.fields["site"].queryset = (
            Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")
        )
        self.fields["category"].queryset = Category.objects.filter(
            kind=kind.code, shareable=True
        ).order_by("path")
        data, files = self.data if self.is_bound else None, self.files or None
        self.detail = kind.detail_form_class(
            data, files, instance=detail, initial=detail_initial, prefix="detail"
        )
        # A kind without accessories has no such rows, and what is posted there is nobody's.
        self.accessories = AccessoryFormSet(
            data if kind.has_accessories else None,
            initial=[_line(line) for line in lines],
            prefix="accessory",
        )
        self.has_accessories = kind.has_accessories

    def is_valid(self) -> bool:
        parts = [super().is_valid(), self.detail.is_valid()]
        return all([*parts, not self.has_accessories or self.accessories.is_valid()])

    def clean(self):
        values = super().clean()
        if "name_en" in values and not values["name_en"] and not values.get("name_zh"):
            self.add_error("name_en", _("Give a name in at least one language."))
        return values

    def values(self) -> dict:
        """What goes to the action: columns of Resource."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        names_of = self.kind.names_of
        return values | names_of(self.detail.cleaned_data) if names_of else values

    def lines(self) -> list[dict]:
        """Accessories with a name."""
        if not self.has_accessories:
            return []
        filled = (form.cleaned_data for form in self.accessories if form.cleaned_data)
        return [line for line in filled if line["name_en"] or line["name_zh"]]

    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the control, label, message) of every error on the page, in its order."""
        found = []
        lines = list(self.accessories) if self.has_accessories else []
        for form in (self, self.detail, *lines):
            for name, errors in form.errors.items():
                field = form[name] if name in form.fields else None
                target = field.id_for_label if field else ""
                label = field.label if field else ""
                found += [(target, label, error) for error in errors]
        if lines:
            found += [("", "", error) for error in self.accessories.non_form_errors()]
        return found


class AccessoryForm(forms.ModelForm):
    class Meta:
        model = Accessory
        fields = ["name_en", "name_zh", "count"]

    count = forms.IntegerField(
        label=_("Count"), min_value=1, max_value=1000, initial=1, required=False
    )

    def clean_count(self) -> int:
        return self.cleaned_data["count"] or 1


def _line(accessory: Accessory) -> dict:
    return {name: getattr(accessory, name) for name in AccessoryForm.Meta.fields}


AccessoryFormSet = forms.formset_factory(
    AccessoryForm,
    extra=3,
    max_num=MOST_ACCESSORIES,
    validate_max=True,
    absolute_max=MOST_ACCESSORIES + 3,
)


class StateForm(forms.Form):
    """The technical state, set from the resource's page."""

    status = forms.ChoiceField(label=_("Technical state"))
    note = forms.CharField(label=_("Note on the state"), max_length=200, required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = choices


class RetireForm(forms.Form):
    """Only asks; nothing to fill in."""
