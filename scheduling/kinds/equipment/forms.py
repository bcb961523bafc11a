"""What is recorded of a device beside what every kind records."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_moment
from scheduling.actions.handovers import HandoverRecord
from scheduling.forms.handovers import HandoverForm
from scheduling.queries.handover_facts import expected_accessories

ACCESSORY = "accessory_"
LARGEST = 2_000_000_000  # an hour counter that fits an integer column


class DeviceHandoverForm(HandoverForm):
    """Counter, decontamination, and a field for each accessory."""

    counter_reading = forms.IntegerField(
        label=gettext_lazy("Hour counter"), required=False, min_value=0, max_value=LARGEST
    )
    decontaminated = forms.BooleanField(
        label=gettext_lazy("Cleaned and disinfected"), required=False
    )
    decontamination_record = forms.CharField(
        label=gettext_lazy("Decontamination record"), required=False, max_length=100
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decontaminated"].help_text = self._last_decontaminated()
        self.accessories = expected_accessories(self.sharing_request)
        for item in self.accessories:
            self.fields[f"{ACCESSORY}{item.pk}"] = forms.IntegerField(
                label=item.name, required=False, min_value=0, max_value=9999, initial=item.count
            )

    def record(self, **own) -> HandoverRecord:
        names = ("counter_reading", "decontaminated", "decontamination_record")
        counted = {pk: value or 0 for pk, value in self.those(ACCESSORY).items()}
        return super().record(
            accessories=counted, **{name: self.cleaned_data[name] for name in names}, **own
        )

    def check_rows(self) -> list[forms.BoundField]:
        return [*super().check_rows(), self["decontaminated"]]

    def _last_decontaminated(self) -> str:
        resource = self.sharing_request.resource
        at = resource.equipment.decontaminated_at
        if at is None:
            return ""
        zone = ZoneInfo(resource.site.time_zone)
        return _("last recorded %(at)s") % {"at": describe_moment(at, tz=zone)}

    def accessory_rows(self) -> list[tuple]:
        return [(self[f"{ACCESSORY}{item.pk}"], item.count) for item in self.accessories]
