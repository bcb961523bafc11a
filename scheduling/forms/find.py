"""What is searched: what, when, where, how urgent.  A GET form: the address holds it all."""

from datetime import timedelta
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from medshare_portal.models import Site
from resources.limits import longest_loan
from resources.search import normal
from scheduling.queries.free_values import Searchable
from scheduling.states import Priority

GRACE = timedelta(minutes=5)
DISTANCES = [("", _("any distance"))] + [(str(km), f"≤ {km} km") for km in (5, 10, 15, 25, 50)]
SORTS = [("best", _("Best match")), ("near", _("Nearest")), ("cheap", _("Lowest cost"))]


def too_long() -> str:
    """For a time that no offer may promise."""
    days = longest_loan().days
    return _("Nothing is lent for more than %(days)s days. End earlier.") % {"days": days}


class FindForm(EndAfterStart, forms.Form):
    """Without values it shows the next whole day; malformed values are errors (400)."""

    what = forms.CharField(label=_("What"), required=False, max_length=100)
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=10_000, required=False)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    site = forms.TypedChoiceField(label=_("Where"), required=False, empty_value=None)
    within = forms.ChoiceField(label=_("Within"), choices=DISTANCES, required=False)
    priority = forms.ChoiceField(label=_("Urgency"), choices=Priority, required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    full = forms.BooleanField(required=False)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    hold = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, data, *, sites: list[Site], zone, now, categories: list[Searchable]):
        super().__init__(data or None, initial=self.first_values(now))
        self.now, self.categories = now, categories
        self._offer(sites)
        set_zone(self, zone)

    def _offer(self, sites: list[Site]) -> None:
        """Our own sites, already read; the chosen one comes out as a row."""
        by_key = {str(site.pk): site for site in sites}
        self.fields["site"].choices = [(key, site.name) for key, site in by_key.items()]
        self.fields["site"].coerce = by_key.get

    @staticmethod
    def first_values(now) -> dict:
        """Tomorrow's start of the hour, for a day."""
        start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=25)
        return {
            "starts_at": start,
            "ends_at": start + timedelta(days=1),
            "units": 1,
            "priority": Priority.ROUTINE,
        }

    def clean_starts_at(self):
        moment = self.cleaned_data["starts_at"]
        if moment < self.now - GRACE:
            raise ValidationError(_("This time is already past. Choose a later start."))
        return moment

    def clean(self):
        values = super().clean()
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at and ends_at and ends_at - starts_at > longest_loan():
            self.add_error("ends_at", too_long())
        values["units"] = values.get("units") or 1
        values["priority"] = values.get("priority") or Priority.ROUTINE
        values["category"] = self._category(values.get("what", ""))
        return values

    def _category(self, text: str) -> Searchable | None:
        """The category that is called so in either language; anything else is searched for."""
        wanted = normal(text.strip())
        for category in self.categories:
            if wanted and wanted in (_called(category.name_en), _called(category.name_zh)):
                return category
        return None


@lru_cache(maxsize=4096)
def _called(name: str) -> str:
    """The normal form of a category's name; names stay the same for years."""
    return normal(name)
