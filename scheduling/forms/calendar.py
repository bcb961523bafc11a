"""What the calendar shows: all of it lives in the address."""

from datetime import date
from typing import NamedTuple

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import is_chinese
from medshare_portal.db.prepared import AnyOf, Prepared, Texts
from medshare_portal.forms.moments import FIRST_YEAR, LAST_YEAR
from resources.kinds import kinds
from resources.models import Category

VIEWS = [("day", _("Day")), ("week", _("Week")), ("month", _("Month")), ("table", _("Table"))]
SCOPES = [
    ("both", _("Ours and borrowed")),
    ("ours", _("Ours")),
    ("borrowed", _("Borrowed")),
    ("all", _("All that we may see")),
]
LAST_PAGE = 10_000
DEFAULTS = {"view": "week", "scope": "both", "page": 1}
BIGGEST_KEY = 2**63 - 1
_BRANCHES = Prepared(
    lambda: (
        Category.objects.filter(AnyOf("kind", Texts("kinds")), parent=None)
        .order_by("kind", "slug", "pk")
        .values_list("pk", "path", "name_en", "name_zh")
    )
)


class Branch(NamedTuple):
    """A top category: all below it is meant."""

    pk: int
    path: str
    name_en: str
    name_zh: str

    @property
    def name(self) -> str:
        names = (self.name_zh, self.name_en) if is_chinese() else (self.name_en, self.name_zh)
        return names[0] or names[1]


def within_years(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Choose a year from %(first)s to %(last)s."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class CalendarForm(forms.Form):
    """Malformed values are errors, absent ones have a default (``value``)."""

    view = forms.ChoiceField(label=_("View"), choices=VIEWS, required=False)
    scope = forms.ChoiceField(label=_("Whose"), choices=SCOPES, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)
    date = forms.DateField(
        label=_("Date"), required=False, input_formats=["%Y-%m-%d"], validators=[within_years]
    )
    resource = forms.IntegerField(
        label=_("Device"), required=False, min_value=1, max_value=BIGGEST_KEY
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        timed = [kind.code for kind in kinds if kind.timed]
        self.branches = [Branch._make(row) for row in _BRANCHES.rows(kinds=timed)]
        self.fields["category"].choices = [
            ("", _("All categories")),
            *((branch.pk, branch.name) for branch in self.branches),
        ]

    def clean_category(self) -> Branch | None:
        chosen = self.cleaned_data["category"]
        return next((branch for branch in self.branches if str(branch.pk) == chosen), None)

    @cached_property
    def chosen(self) -> dict:
        """What was chosen; where anything is wrong, nothing was."""
        given = self.cleaned_data if self.is_valid() else {}
        return DEFAULTS | {name: value for name, value in given.items() if value}

    def value(self, name: str):
        """What was chosen, or the default where nothing (right) was."""
        return self.chosen.get(name)


class OneResource:
    """What the address of one device's calendar asks: read by the fields of the form, but without
    a form, which nothing shows there.  What narrows the whole calendar stays in the address.
    """

    fields = ("view", "date", "resource")
    errors = ()

    def __init__(self, chosen: dict):
        self.chosen = DEFAULTS | {name: value for name, value in chosen.items() if value}

    @classmethod
    def asked(cls, query) -> "OneResource | None":
        """None where no device is asked for, or something is wrong that the form has to say."""
        if not query.get("resource"):
            return None
        fields = CalendarForm.base_fields
        try:
            return cls({name: fields[name].clean(query.get(name, "")) for name in cls.fields})
        except forms.ValidationError:
            return None

    def value(self, name: str):
        return self.chosen.get(name)
