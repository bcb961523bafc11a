"""The kinds that the city shares: each is one module here, registered in one table.

A kind says what the catalogue needs to know of it: words, icon, detail model, forms.  What the
workflow needs is in ``scheduling.kinds``.  Nothing else asks ``if kind == …``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.registry import Registry
from medshare_portal.roles import Permission, Role, grant

kinds: Registry["CatalogueKind"] = Registry("kind")

ASSET_NUMBER = _("Asset number")
# The columns of Resource that a person fills in; a kind may ask for fewer.
FEES = ("fee_per_hour", "fee_per_shift")  # columns of an offer; one of them is charged
HOURLY = FEES[:1]
COMMON_FIELDS = ("name_en", "name_zh", "code", "category", "site", "room", "units", "condition")


@dataclass(frozen=True, kw_only=True)
class CatalogueKind:
    """A kind as the catalogue sees it.

    ``detail`` names the one-to-one relation from Resource (``resource.equipment``); the class
    paths are imported on first use, so that a kind may be registered before forms load.
    """

    code: str
    label: Promise | str
    label_plural: Promise | str
    item: Promise | str  # what one row of the list is
    icon: str
    prefix: str  # of request references, such as EQ in EQ-1042
    detail: str
    entry_form: str = "resources.forms.resources.ResourceForm"  # dotted path: the common fields
    detail_form: str  # dotted path of the ModelForm for the detail row
    detail_template: str  # partial that shows the detail row on the resource page
    search_fields: tuple[str, ...] = ()  # columns of the detail row that the search reads
    list_related: tuple[str, ...] = field(default=())
    mode_fields: tuple[str, ...] = ()  # yes/no columns of the detail row, named as in ShareMode
    states: type[TextChoices] | None = None  # values of the detail row's ``status``, with USABLE
    refusals: Mapping[str, type[Refusal]] = field(default_factory=dict)  # constraint → what it says
    category_loader: str = ""  # dotted path: makes the kind's shipped tree, returns its size
    loads: tuple[str, ...] = ()  # modules to import once the models are there

    rights: Mapping[Role, Iterable[Permission]]  # what each role may do with things of the kind
    offer_rules: tuple[Callable, ...] = ()  # (resource) -> findings: may it be offered at all?
    offer_words: Promise | str = ""  # what the page that makes an offer is called
    offer_terms: Mapping[str, object] = field(default_factory=dict)  # of a first offer

    of_people: bool = False  # its things are persons: figures of a few of them tell who
    fees: tuple[str, ...] = HOURLY  # by what its cost may be recovered
    timed: bool = True  # it is lent for a time: weekly windows, own use as blocks, a calendar
    # (words, url name): the times that the owner keeps, of what is lent for a time
    busy_page: tuple[Promise | str, str] = ("", "resources:block-list")
    has_accessories: bool = False
    files_are_private: bool = False  # photos and papers are for the owner alone
    # (resource, status, note, by, now): sets the ``states`` of the detail row from its page
    set_state: Callable | None = None
    common_fields: tuple[str, ...] = COMMON_FIELDS
    number_label: Promise | str = ASSET_NUMBER  # what its owner's own number is called
    names_of: Callable[[dict], dict] | None = None  # the resource's names, from the detail's values
    list_columns: tuple[str, ...] = ()  # of the catalogue's list, where not all make sense
    path: str = ""  # of the kind's own pages below /at/<slug>/, such as "medicines"
    urls: str = ""  # dotted module with their urlpatterns
    offer_page: str = "resources:offer-create"  # url names that get the resource's key
    revise_offer_page: str = ""  # the offer's own page if empty
    # url name: what the owner will probably need itself, by category; of what has such a page
    ahead_page: str = ""
    ask_page: str = "scheduling:request-create"
    label_page: str = ""  # url name: the label to stick on a thing, of what has one
    wait_page: str = "scheduling:waitlist-join"  # url name; of what is lent for a time
    # (resource, offer) -> [(label, words)] of an offer that is not made for times
    terms: Callable | None = None
    buttons: Callable | None = None  # (page) -> further buttons of the resource's page

    @property
    def detail_form_class(self):
        return import_string(self.detail_form)

    @property
    def entry_form_class(self):
        return import_string(self.entry_form)


def register(kind: CatalogueKind) -> CatalogueKind:
    """Put a kind into the table and its rights into force."""
    grant(kind.code, kind.rights)
    return kinds.add(kind.code, kind)


def load_kinds() -> None:
    """Import the modules of ``settings.SHARING_KINDS``; each registers itself.

    A plain name is one of ours; a dotted one is a package from elsewhere with a ``catalogue``.
    """
    for name in settings.SHARING_KINDS:
        import_module(f"{name}.catalogue" if "." in name else f"resources.kinds.{name}")
    kinds.arrange(settings.SHARING_KINDS)


def load_categories() -> dict[str, int]:
    """Make or update the shipped tree of every kind that has one; needs the code lists."""
    loaders = {kind.code: kind.category_loader for kind in kinds if kind.category_loader}
    return {code: import_string(loader)() for code, loader in loaders.items()}


def kind_choices() -> list[tuple[str, str]]:
    """(code, label) of every kind, for form fields."""
    return [(kind.code, kind.label) for kind in kinds]


def kinds_of_people() -> tuple[str, ...]:
    """Those whose things are persons."""
    return tuple(kind.code for kind in kinds if kind.of_people)


def other_kinds() -> tuple[str, ...]:
    return tuple(kind.code for kind in kinds if not kind.of_people)
