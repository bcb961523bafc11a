"""What of the inbox is shown: a filter in the address, which looks at keys and not at rows."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache

import django_filters as filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.memberships import Membership
from medshare_portal.models import Institution
from medshare_portal.roles import permissions_of
from resources.kinds import kinds
from resources.models import Category
from scheduling.filters import categories, institutions
from scheduling.models import SharingRequest
from scheduling.queries.inbox_keys import Key
from scheduling.queries.task import (
    ANSWER_COUNTER,
    ANSWER_EXTENSION,
    DECIDE,
    PERMISSIONS,
    POST_CHECK,
)
from scheduling.states import Priority, Side

SIDES = [(Side.OWNER.value, _("We lend")), (Side.BORROWER.value, _("We borrow"))]
STEPS = [
    (DECIDE, _("To decide")),
    (ANSWER_COUNTER, _("Answer to our request")),
    (ANSWER_EXTENSION, _("Longer use")),
    (POST_CHECK, _("Check after return")),
]
# Hours left at most; "0" is what is late already.
DUE = [
    ("0", _("Late")),
    ("2", _("2 hours")),
    ("8", _("8 hours")),
    ("24", _("1 day")),
    ("72", _("3 days")),
]
VERDICTS: dict[str, tuple] = {
    "pass": (_("All checks pass"), lambda task: task.passes),
    "warn": (_("With a warning"), lambda task: task.findings.verdict == "warn"),
    "bad": (_("Blocked"), lambda task: task.findings.verdict == "bad"),
    "rivals": (_("Several ask for it"), lambda task: bool(task.rivals)),
}
NAMES = ("kind", "category", "other", "priority", "due", "verdict", "step", "side", "deputy")
LONGEST = 12  # digits of a number that a column holds
OWN, DEPUTY = "own", "any"


def only_known(query: str) -> str:
    """Of an address' query what the filter knows, in its order; "" where nothing is."""
    sent, kept = QueryDict(query), QueryDict(mutable=True)
    kept.update({name: sent[name] for name in NAMES if sent.get(name)})
    return kept.urlencode()


def kinds_to_choose():
    return [(kind.code, kind.label) for kind in kinds]


def _choice(label, choices):
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=_("All"))


class InboxFilter(FilterSet):
    """``keys`` is all that waits: the selects offer what is among it, with how many.

    ``deputy`` asks in whose place it would be answered: one's own, anybody's, or that of one
    person, who may be back by now – then a filter that was kept finds nothing.
    """

    kind = _choice(_("Kind"), kinds_to_choose)
    category = filters.ModelChoiceFilter(
        label=_("Category"), queryset=categories, empty_label=_("All")
    )
    other = filters.ModelChoiceFilter(
        label=_("Other side"), queryset=institutions, empty_label=_("All")
    )
    priority = _choice(_("Urgency"), Priority.choices)
    due = _choice(_("Due within"), DUE)
    verdict = _choice(_("Checks"), [(code, words) for code, (words, _of) in VERDICTS.items()])
    step = _choice(_("What to do"), STEPS)
    side = _choice(_("Side"), SIDES)
    deputy = _choice(_("In whose place"), [])

    def __init__(self, data, *, request, keys: Collection[Key], now: datetime):
        super().__init__(data, queryset=SharingRequest.objects.none(), request=request)
        self.keys, self.now, self.institution = keys, now, request.institution

    def _ready(self, form) -> None:
        super()._ready(form)
        here = self.institution
        self._offer(form, "category", Category.objects, [key.category_id for key in self.keys])
        directory = Institution.objects.directory()
        self._offer(form, "other", directory, [key.other(here) for key in self.keys])
        self._offer_places(form)

    def _offer(self, form, name: str, rows, waiting: list[int]) -> None:
        """The rows that something waits of, most first, and the one that is chosen."""
        counts = Counter(waiting)
        chosen = self.data.get(name, "")
        if is_number(chosen):
            counts.setdefault(int(chosen), 0)
        named = rows.filter(pk__in=counts).only("pk", "name_en", "name_zh")
        options = sorted(named, key=lambda row: (-counts[row.pk], row.pk))
        words = [(row.pk, f"{row.name} ({counts[row.pk]})") for row in options]
        form.fields[name].widget.choices = [("", _("All")), *words]

    def _offer_places(self, form) -> None:
        """For whom the reader stands in; nothing to choose where nobody is away."""
        membership, chosen = self.request.membership, self.data.get("deputy", "")
        away = [(str(absent.person), absent.name) for absent in membership.stands_in]
        if is_number(chosen) and chosen not in dict(away):
            away.append((chosen, _("a colleague who is back")))
        if not away and not chosen:
            del form.fields["deputy"]
            return
        form.fields["deputy"].choices = [
            (OWN, _("My own")),
            (DEPUTY, _("As a deputy")),
            *((person, _("As deputy for %(name)s") % {"name": name}) for person, name in away),
        ]

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, as the address says it."""
        return {name: self.data[name] for name in NAMES if self.data.get(name)}

    def wanted_keys(self) -> list[Key]:
        """Of what waits that which the columns of a key decide."""
        wanted = self.form.cleaned_data
        tests = [test for test in self._tests(wanted) if test]
        return [key for key in self.keys if all(test(key) for test in tests)]

    def _tests(self, wanted: dict) -> list[Callable[[Key], bool] | None]:
        here = self.institution
        return [
            _equal("kind", wanted["kind"]),
            _equal("priority", wanted["priority"]),
            _equal("step", wanted["step"]),
            _below(wanted["category"]),
            wanted["other"] and (lambda key: key.other(here) == wanted["other"].pk),
            wanted["side"] and (lambda key: key.side(here) == wanted["side"]),
            self._in_place(wanted.get("deputy", "")),
            wanted["due"] and (lambda key: key.due_at < self.now + _hours(wanted["due"])),
        ]

    def _in_place(self, wanted: str) -> Callable[[Key], bool] | None:
        """By whose roles it would be answered."""
        if not wanted:
            return None
        places = places_of(self.request.membership)
        if wanted == OWN:
            return lambda key: not places(key)
        if wanted == DEPUTY:
            return lambda key: bool(places(key))
        return lambda key: int(wanted) in places(key)

    @property
    def of_tasks(self) -> Callable | None:
        """What only the judged task tells; None where no verdict is asked for."""
        verdict = self.form.cleaned_data["verdict"]
        return VERDICTS[verdict][1] if verdict else None


def places_of(membership: Membership) -> Callable[[Key], frozenset[int]]:
    """Of a key the absent colleagues in whose place the reader answers it; none for whom the own
    roles suffice.  Asked once per step and kind."""

    @cache
    def places(step: str, kind: str) -> frozenset[int]:
        needed = PERMISSIONS[step]
        if needed in permissions_of(membership.own, kind):
            return frozenset()
        able = (a for a in membership.stands_in if needed in permissions_of(a.roles, kind))
        return frozenset(absent.person for absent in able)

    return lambda key: places(key.step, key.kind)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST


def _hours(text: str) -> timedelta:
    return timedelta(hours=int(text))


def _equal(name: str, value: str) -> Callable[[Key], bool] | None:
    return (lambda key: getattr(key, name) == value) if value else None


def _below(category: Category | None) -> Callable[[Key], bool] | None:
    """Of this category or one below it."""
    if category is None:
        return None
    tree = Category.objects.filter(kind=category.kind, path__startswith=category.path)
    numbers = set(tree.values_list("pk", flat=True))
    return lambda key: key.category_id in numbers
