"""The form of the kind's own fields."""

from django import forms

from tests.ambulances.models import Ambulance


class AmbulanceForm(forms.ModelForm):
    fieldset_names = [("Vehicle", ["plate", "stretchers", "in_service"])]

    class Meta:
        model = Ambulance
        fields = ["plate", "stretchers", "in_service"]

    @property
    def fieldsets(self):
        return [(legend, [self[name] for name in names]) for legend, names in self.fieldset_names]
