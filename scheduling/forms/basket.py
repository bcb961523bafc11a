"""A draft basket in forms: its lines as their kinds read them, and the choice how to send it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Findings, Severity
from medshare_portal.forms.choices import ManyOf
from medshare_portal.forms.moments import MomentField, set_zone
from medshare_portal.local_times import describe_period
from medshare_portal.models import User
from resources.models import Resource
from resources.person_data import no_person_data
from scheduling.actions.requests import wish_for
from scheduling.basket_states import Together
from scheduling.forms.request import RequestForm
from scheduling.kinds import kinds
from scheduling.models import BasketLine
from scheduling.queries.home_zone import active_sites, home_zone
from scheduling.queries.own_hold import own_hold
from scheduling.queries.rule_facts import context_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.rules import findings_for_request
from scheduling.share_modes import modes_of

WHICH = "_which"  # beside a moment that comes twice
TWICE = Finding(
    code="GEN-12",
    severity=Severity.BLOCK,
    message=_("This is in the basket already."),
    advice=_("Take one of the two lines out, or change its time."),
)
NOT_TYPED = {"version", "hold"}  # of the page, not of what is asked


def typed_of(form: forms.Form) -> dict[str, list[str]]:
    """What was sent with a form, in its fields and no others: so it is kept in a line."""
    known = {form.add_prefix(name) for name in form.fields} - NOT_TYPED
    return {
        name: form.data.getlist(name)
        for name in form.data
        if name in known or name.removesuffix(WHICH) in known
    }


def as_sent(typed: dict[str, list[str]]) -> QueryDict:
    """A line's words as a form reads them."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


class Item:
    """A line as the form of its kind reads it now.  Kinds override ``make_form``, ``read``,
    ``judge`` and ``words``; ``resource`` was found through a scope."""

    def __init__(self, line: BasketLine, resource: Resource, *, institution, by, now: datetime):
        self.line, self.resource, self.institution = line, resource, institution
        self.by, self.now, self.twice = by, now, False
        self.data = as_sent(line.typed)

    def make_form(self) -> forms.Form | None:
        """Bound to ``data``; None where it cannot be asked for any more."""
        raise NotImplementedError

    def read(self):
        """The terms that the kind's action takes; the form is valid."""
        raise NotImplementedError

    def judge(self) -> Findings:
        """What the rules say of these terms now."""
        raise NotImplementedError

    def words(self) -> str:
        """For how long, or how much."""
        raise NotImplementedError

    @cached_property
    def form(self) -> forms.Form | None:
        return self.make_form()

    @cached_property
    def terms(self):
        """None where the words are wrong by now: a day that has passed, a site that is closed."""
        return self.read() if self.form is not None and self.form.is_valid() else None

    @cached_property
    def findings(self) -> Findings:
        if self.terms is None:
            return Findings()
        return Findings([TWICE, *self.judge()]) if self.twice else self.judge()

    @property
    def what(self) -> tuple:
        """Two lines with the same are one too many."""
        return (self.resource.pk,)

    @property
    def unreasoned(self) -> bool:
        """A warning has no reason yet."""
        given = getattr(self.terms, "accepted", {})
        return any(not given.get(finding.code, "") for finding in self.findings.passable)

    @property
    def ready(self) -> bool:
        return self.terms is not None and not self.findings.hard and not self.unreasoned


def mark_twice(items: Iterable[Item]) -> None:
    """Of lines that say the same the first is the one."""
    seen = set()
    for item in items:
        item.twice = item.what in seen
        seen.add(item.what)


class OfTimes(Item):
    """What claims a time: the request form of the spine."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone(self.institution)

    def make_form(self) -> RequestForm:
        return RequestForm(
            self.data,
            sites=active_sites(self.institution),
            modes=modes_of(self.resource),
            zone=self.zone,
        )

    def read(self):
        return self.form.terms()

    def judge(self) -> Findings:
        hold = own_hold(
            self.resource, self.institution, wished=self.terms, by=self.by, now=self.now
        )
        wish = wish_for(self.resource, self.institution, self.terms, hold)
        (wish,) = with_asked_before([wish])
        return findings_for_request(context_of(wish, now=self.now))

    @property
    def what(self) -> tuple:
        terms = self.terms
        return (self.resource.pk, terms and (terms.starts_at, terms.ends_at, terms.units))

    def words(self) -> str:
        period = describe_period(self.terms.starts_at, self.terms.ends_at, tz=self.zone)
        return f"{period} · × {self.terms.units}" if self.resource.units > 1 else period


def item_of(line: BasketLine, resource: Resource, **where) -> Item:
    """The line read by the form of its resource's kind."""
    return import_string(kinds[resource.kind].item_form)(line, resource, **where)


class People(ManyOf):
    """Colleagues, each with its roles."""

    roles: Mapping[int, str] = MappingProxyType({})

    def label_from_instance(self, person) -> str:
        return f"{person} · {self.roles.get(person.pk, '')}"


class ShareForm(forms.Form):
    """Open one's draft to colleagues, and ask some of them for their part."""

    still_needed = forms.CharField(
        label=_("What is still needed"),
        max_length=300,
        validators=[no_person_data],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: 20 packs of heparin until Friday. No data of patients."),
    )
    colleagues = People(
        label=_("Tell these colleagues"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All who may ask for something here see the basket; these are told as well."),
    )

    def __init__(self, *args, people, roles: Mapping[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colleagues"].roles = roles
        self.fields["colleagues"].queryset = people


class SendForm(forms.Form):
    """One message for all items, and until when all of it must be approved.

    The two buttons of the form say how its items hang together.
    """

    message = forms.CharField(
        label=_("What all of it is for"),
        max_length=500,
        required=False,
        validators=[no_person_data],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Every owner reads it beside its own item. No data of patients."),
    )
    deadline_at = MomentField(
        label=_("All or nothing: approved until"),
        required=False,
        help_text=_("If something is missing then, everything is released."),
    )
    together = forms.ChoiceField(
        choices=Together,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose: all or nothing, or what is possible.")},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, zone)
