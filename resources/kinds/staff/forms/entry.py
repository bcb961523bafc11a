"""Enter a person: badge, profession and place.  What others read is made of codes, never typed."""

from django.utils.translation import gettext_lazy as _

from resources.enums import Condition
from resources.forms.resources import ResourceForm
from resources.kinds.staff.badges import public_names


class StaffEntryForm(ResourceForm):
    """The common fields of a person.

    There is no name field here: the name of the resource is read by every institution, so it is
    made of the profession and the first specialty.
    """

    units = None

    class Meta(ResourceForm.Meta):
        fields = ("code", "category", "site", "room")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Others see it in place of the name: no initials.")
        self.fields["category"].label = _("Profession")
        self.fields["room"].label = _("Home ward")

    def values(self) -> dict:
        specialties = list(self.detail.cleaned_data["specialties"])
        name_en, name_zh = public_names(self.cleaned_data["category"], specialties)
        made = {"name_en": name_en, "name_zh": name_zh, "units": 1, "condition": Condition.GOOD}
        return super().values() | made
