"""The catalogue's pages: list, one resource, enter and revise."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.long_lists import MoreKeys
from medshare_portal.roles import Permission, permissions_of
from medshare_portal.tables.keys import FoundKeys, KeyPaginator
from medshare_portal.views.from_replica import FromReplica
from medshare_portal.views.pages import ListPage
from resources.filters import SCOPES, ResourceFilter
from resources.kinds import CatalogueKind, kinds
from resources.models import Resource
from resources.occupancy import waiting_for
from resources.queries.catalogue import next_free, rows_of_page
from resources.queries.facets import facets_for, here_of
from resources.queries.finding import found_keys
from resources.queries.narrowing import asking, catalogue
from resources.tables import ResourceTable


def chosen_kind(request) -> CatalogueKind:
    """The kind in the address (``?kind=``), else the first one; raises Http404."""
    name = request.GET.get("kind") or kinds.names()[0]
    if name not in kinds:
        raise Http404
    return kinds[name]


class Catalogue(ListPage):
    """What the base of the list and its export share: which rows, filtered how."""

    permission = Permission.VIEW
    filterset_class = ResourceFilter
    table_class = ResourceTable

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        request.catalogue_kind = None

    @cached_property
    def kind(self) -> CatalogueKind:
        return chosen_kind(self.request)

    @cached_property
    def facets(self):
        return facets_for(self.institution, self.kind, self.now)

    def get_queryset(self):
        self.request.catalogue_kind = self.kind
        return catalogue(asking(self.institution, self.now), self.kind)

    def get_filterset_kwargs(self, filterset_class):
        kwargs = super().get_filterset_kwargs(filterset_class)
        return kwargs | {"facets": self.facets, "now": self.now}

    def get_table_kwargs(self):
        return {
            "kind": self.kind,
            "institution": self.institution,
            "now": self.now,
            "shown": self.request.GET.getlist("columns"),
            "link": reverse("resources:resource-list", args=[self.institution.slug]),
            "wait_link": self._wait_link(),
        }

    @property
    def may_ask(self) -> bool:
        return Permission.ASK in permissions_of(self.request.roles, self.kind.code)

    def _wait_link(self) -> str:
        """Where one joins the line for a resource, up to its key; none for who may not ask."""
        if not self.kind.timed or not self.may_ask:
            return ""
        page = reverse(self.kind.wait_page, args=[self.institution.slug])
        return f"{page}?kind={self.kind.code}&amp;unit="


class ResourceList(FromReplica, Catalogue):
    """All that the institution may see, its own first in a tab."""

    template_name = "resources/resource_list.html"

    def get(self, request, *args, **kwargs):
        request.GET = self._known_sorts(request.GET)
        self.filterset = self.get_filterset(self.filterset_class)
        self.object_list = ()
        return self.render_to_response(self.get_context_data(filter=self.filterset))

    def get_queryset(self):
        """Nothing is composed of it: what fits is found by its keys."""
        self.request.catalogue_kind = self.kind
        return Resource.objects.none()

    def get_table_data(self):
        return FoundKeys(self.found_keys)

    def found_keys(self, order: tuple[str, ...]) -> list[int] | MoreKeys:
        bound = self.filterset.is_bound
        if bound and not self.filterset.is_valid():
            return []
        return found_keys(
            self.filterset.form.cleaned_data if bound else {},
            order,
            institution=self.institution,
            kind=self.kind,
            here=here_of(self.facets),
            now=self.now,
            until=self.last_row(),
        )

    def last_row(self) -> int:
        """The number of the last row of the page that the address asks for."""
        page = self.request.GET.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 5 else 1
        return number * self.paginate_by

    def get_table_pagination(self, table):
        return super().get_table_pagination(table) | {"paginator_class": KeyPaginator}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        table = context["table"]
        table.records = self.records(table.page.object_list)
        table.free = next_free(table.records, self.now)
        table.waiting = self.waiting(table)
        return context | {
            "title": self.kind.label_plural,
            "kind": self.kind,
            "tabs": self.tabs(),
            "columns": self.columns(table),
            "kept": self.kept("columns", "page"),
            "export_url": self.export_url(),
            "create_url": self.create_url(),
            "may_ask": self.may_ask,
            "clear_url": self.address(drop=("page",), keep=("kind", "scope", "columns", "sort")),
        }

    def waiting(self, table) -> dict[int, int]:
        """How many stand in line for what is taken; asked only where somebody may join it."""
        taken = [row["pk"] for row in table.records if row["pk"] not in table.free]
        return waiting_for(taken, now=self.now) if table.wait_link else {}

    def records(self, keys: list[int]) -> list[dict]:
        here = here_of(self.facets)
        return rows_of_page(
            keys, institution=self.institution, kind=self.kind, here=here, now=self.now
        )

    def address(self, *, drop=(), keep=None, **changes) -> str:
        """This page with some parameters changed, dropped, or only some kept."""
        return "?" + urlencode(self.kept(*drop, *changes, keep=keep) + list(changes.items()))

    def kept(self, *dropped, keep=None) -> list[tuple[str, str]]:
        """The parameters of the address as pairs, for links and hidden fields."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in dropped and value and (keep is None or name in keep)
        ]

    def tabs(self) -> list[dict]:
        chosen = self.request.GET.get("scope") or "all"
        counts = {"ours": self.facets.ours, "others": self.facets.others}
        counts["all"] = sum(counts.values())
        return [
            {
                "label": label,
                "url": self.address(drop=("page",), scope=name),
                "count": counts[name],
                "active": chosen == name,
            }
            for name, label in SCOPES
        ]

    def columns(self, table) -> list[tuple[str, str, bool]]:
        """(name, words, shown) for the column chooser."""
        shown = {column.name for column in table.columns}
        return [(name, label, name in shown) for name, label in table.choices()]

    def export_url(self) -> str:
        """Where the export forms post to, with this list's filters."""
        if not self.may(Permission.EXPORT):
            return ""
        address = reverse("resources:resource-export", args=[self.institution.slug])
        return f"{address}?{urlencode(self.kept('page', 'sort', 'columns'))}"

    def create_url(self) -> str:
        if not self.may(Permission.EDIT_RESOURCE):
            return ""
        return reverse("resources:resource-create", args=[self.institution.slug, self.kind.code])
