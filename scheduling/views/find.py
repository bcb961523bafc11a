"""Find and request on one page: the search in the address, results on one axis, the column."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal import crises
from medshare_portal.forms.moments import written
from medshare_portal.roles import Permission
from resources.kinds import kinds as catalogue_kinds
from scheduling.actions.waitlist import may_wait_for
from scheduling.forms.find import SORTS, FindForm
from scheduling.kinds import Claim, kinds
from scheduling.queries.free_facts import categories_of, shared_category
from scheduling.queries.free_own import most_free, own_rows
from scheduling.queries.free_search import search_free
from scheduling.queries.free_values import Searchable, SearchResult
from scheduling.timeline.axis import axis_around
from scheduling.timeline.candidates import axis_head
from scheduling.timeline.words import search_legend
from scheduling.views.find_drawn import left_out_list, result_list, suggestions
from scheduling.views.find_results import ResultRows
from scheduling.views.need_of_search import ways_to_post
from scheduling.views.request_column import AsksForOne

FIND = "find"
KEPT = (
    "kind",
    "what",
    "units",
    "starts_at",
    "ends_at",
    "site",
    "within",
    "priority",
    "sort",
    "full",
    "unit",
)


def found_here() -> list[str]:
    """The kinds that are free or not at a time; others, and staff, have a page of their own."""
    timed = (kind for kind in kinds if kind.claim is Claim.TIME)
    return [kind.code for kind in timed if kind.find_page == FIND]


class Find(AsksForOne):
    permission = Permission.VIEW
    template_name = "scheduling/find/page.html"

    @property
    def of_kind(self) -> str:
        return self.kind

    @cached_property
    def kind(self) -> str:
        """The kind that is searched: as in the address, or the first that is found here."""
        asked = self.request.GET.get("kind", "")
        if asked and asked not in found_here():
            raise Http404
        return asked or found_here()[0]

    @cached_property
    def search(self) -> FindForm:
        return FindForm(
            self.request.GET,
            sites=self.sites,
            zone=self.zone,
            now=self.now,
            categories=self.categories,
        )

    @cached_property
    def crisis(self) -> crises.RunningCrisis | None:
        """What runs now, as the reader's own statement brought it along."""
        return crises.of_token(self.request.user.crisis_token)

    @cached_property
    def categories(self) -> list[Searchable]:
        return categories_of(self.kind)

    @cached_property
    def wanted(self) -> dict:
        """What is searched, or {} while the search form is empty or wrong."""
        return self.search.cleaned_data if self.search.is_valid() else {}

    @property
    def unit(self) -> int | None:
        return self.wanted.get("unit")

    def first_wish(self) -> dict:
        return {name: self.wanted[name] for name in ("starts_at", "ends_at", "units", "priority")}

    @cached_property
    def kept(self) -> dict:
        """What is searched, as every address of the page repeats it."""
        values = {name: self.request.GET.get(name, "") for name in KEPT}
        times = {name: written(self.wanted[name], self.zone) for name in ("starts_at", "ends_at")}
        return values | times

    def _tabs(self) -> list[dict]:
        """One for each kind, where there are several."""
        codes = found_here()
        return [
            {
                "label": catalogue_kinds[code].label_plural,
                "url": f"{self.find_url}?kind={code}",
                "active": code == self.kind,
            }
            for code in codes
            if len(codes) > 1
        ]

    @cached_property
    def find_url(self) -> str:
        return reverse("scheduling:find", args=[self.institution.slug])

    def address(self, **changes) -> str:
        """The page with another unit or other times; everything else stays."""
        values = self.kept | changes
        return f"{self.find_url}?{self.query(values)}" + ("#request" if values["unit"] else "")

    def get(self, request, *args, **kwargs):
        status = 400 if self.search.is_bound and not self.search.is_valid() else 200
        return self.render_to_response(self.get_context_data(), status=status)

    def post(self, request, *args, **kwargs):
        if not self.unit:
            raise Http404
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None)
        context = {
            "search": self.search,
            "categories": suggestions(category.name for category in self.categories),
            "result": None,
            "column": None,
            "find_url": self.find_url,
            "kind": self.request.GET.get("kind", ""),
            "tabs": self._tabs(),
        }
        if self.wanted:
            context |= self._results()
            if self.unit:
                context["column"] = self.column(form or self.get_form())
        # Not FormView's own context: that would build a request form where no unit is chosen.
        return super().get_context_data(form=form, **kwargs, **context)

    @cached_property
    def span(self) -> tuple:
        """The wished times: as posted when the form below is sent, else as searched."""
        if self.request.method == "POST" and self.unit:
            return self.wish.starts_at, self.wish.ends_at
        return self.wanted["starts_at"], self.wanted["ends_at"]

    def _results(self) -> dict:
        wanted, axis = self.wanted, axis_around(*self.span, self.zone)
        words = wanted["what"] if wanted["category"] is None else ""
        within = wanted["within"]
        starts_at, ends_at = self.span
        own = own_rows(
            self.institution,
            kind=self.kind,
            category=wanted["category"],
            text=words,
            units=wanted["units"],
        )
        shown = (axis.starts_at, axis.ends_at)
        result = search_free(
            crisis=self.crisis,
            institution=self.institution,
            now=self.now,
            kind=self.kind,
            starts_at=starts_at,
            ends_at=ends_at,
            category=wanted["category"],
            text=words,
            units=wanted["units"],
            site=wanted["site"] or self.home,
            within_km=float(within) if within else None,
            shown=shown,
            beside=[row.pk for row in own],
        )
        own = most_free(own, result.around, span=self.span, shown=shown, units=wanted["units"])
        rows = ResultRows(self, axis)
        found = rows.of_others(result) + rows.of_ours(own)
        return {
            "result": result,
            "number": len(found),
            "fully_free": result.fully_free + sum(not one.uncovered for one in own),
            "rows": result_list(found),
            "axis_head": axis_head(axis, self.span, now=self.now),
            "legend": search_legend(),
            "left_out": left_out_list(result.left_out),
            "sorts": self._sorts(),
            "only_full": wanted["full"],
            "full_url": self.address(full="" if wanted["full"] else "on"),
            "close_url": self.address(unit="") if self.unit else "",
            "wider_url": self.address(within="", unit="") if within else "",
            "instead": self._instead(result) if not result.fully_free else {},
            "pairs": rows.pairs(result.candidates, own),
        }

    def _instead(self, result: SearchResult) -> dict:
        """Where nothing is free the whole time: the line for any of a category – of that which
        all that was found by its words share –, or a need."""
        if not self.may(Permission.ASK):
            return {}
        values = self.kept | {"kind": self.kind, "unit": ""}
        category = self._category_of(result)
        # By its category a need reaches whoever has the like.
        named = {"what": category.name} if category and values["what"] else {}
        home = self.home and self.home.pk
        found = ways_to_post(self.institution, values | named, site=home)
        if category and may_wait_for(self.kind):
            line = reverse("scheduling:waitlist-join", args=[self.institution.slug])
            found["join_url"] = f"{line}?{self.query(values | {'what': category.name})}"
            found["category"] = category.name
        return found

    def _category_of(self, result: SearchResult) -> Searchable | None:
        return self.wanted["category"] or shared_category(result.categories)

    def _sorts(self) -> list[dict]:
        chosen = self.wanted["sort"] or "best"
        return [
            {"label": label, "url": self.address(sort=name), "active": name == chosen}
            for name, label in SORTS
        ]
