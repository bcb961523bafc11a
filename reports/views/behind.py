"""Where the rows behind a figure are: the requests, or the page that lists what it is made of."""

from typing import ClassVar
from urllib.parse import urlencode

from django.urls import reverse

from reports.filters_quality import STALE, UNCODED
from reports.queries.all_figures import OF_ANSWERS, OF_REQUESTS
from reports.queries.districts import code_of
from reports.unmet import why_choices
from reports.views.unmet_reasons import demands_of

OF_RESOURCES = {"coded": UNCODED, "stale": STALE}
OF_DEMANDS = frozenset({"unmet_reasons"})
REGISTER, STAFF, PRIVACY, HOURS = "register", "staff-figures", "privacy", "device-hours"
# Pages that list what a figure is made of, where that is no request.
PAGES = {
    **dict.fromkeys(
        ("scheduled", "gross", "net", "rated", "by_time", "by_capacity", "by_load", "idle_hours",
         "idle_rate", "idle_conversion", "sharing_rate", "availability", "mtbf", "mttr"),
        HOURS,
    ),
    "maintenance": REGISTER,
    "expiry_loss": "expiry",
    "credentials": STAFF,
    **dict.fromkeys(
        ("looks_refused", "break_glass", "break_glass_reviewed", "recognition",
         "repeats_avoided"),
        PRIVACY,
    ),
    **dict.fromkeys(("gini", "theil", "jain", "concentration"), "equity"),
}  # fmt: skip

# Which side of its requests an institution's figure counts.
AS_OWNER = frozenset({
    "in_time", "median", "p90", "waste_avoided", "packs_rescued", "waste_confirmed", "carbon",
    "staff_hours", "notice", "overrides", "grants_approved", "grants_denied", "grants_expired",
    "looks",
})  # fmt: skip
AS_BORROWER = frozenset({
    "fulfilment", "no_show", "late_cancel", "overdue", "line_fill", "quantity_fill", "net_savings",
    "shift_fill",
})  # fmt: skip


class Behind:
    """Base: ``uses_address``, ``demands_address``, ``whose`` (query of the demands' list),
    ``page_address()`` and ``page_query()``."""

    whose: ClassVar[dict] = {}

    def demands_url(self, **query) -> str:
        """The list of demands, of the kind that is chosen."""
        narrowed = {"kind": self.form.cleaned_data.get("kind"), **self.whose, **query}
        kept = {name: value for name, value in narrowed.items() if value}
        return f"{self.demands_address}?{urlencode(kept)}"

    def resources_url(self, **query) -> str:
        narrowed = {"kind": self.form.cleaned_data.get("kind"), **self.whose, **query}
        kept = {name: value for name, value in narrowed.items() if value}
        return f"{self.page_address('quality')}?{urlencode(kept)}"

    def side_of(self, code: str) -> dict[str, str]:
        return {}

    def behind(self, code: str, part: str = "") -> str:
        """The address of the rows; "" where there are none to show.  ``part``: of a figure that
        falls into several, as the reason of a demand."""
        if code in OF_DEMANDS:
            whys = {words: why for why, words in why_choices()}
            return self.demands_url(**demands_of(self.form.chosen), why=whys.get(part, ""))
        if code in OF_RESOURCES:
            return self.resources_url(what=OF_RESOURCES[code])
        if code in OF_REQUESTS:
            return f"{self.uses_address}?{self.query(**OF_REQUESTS[code], **self.side_of(code))}"
        if code in OF_ANSWERS:
            return f"{self.page_address('answers')}?{self.query(**OF_ANSWERS[code])}"
        page = PAGES.get(code)
        if page == HOURS:
            return f"{self.page_address(page)}?{self.hours_query()}"
        return f"{self.page_address(page)}?{self.page_query()}" if page else ""


class OwnBehind(Behind):
    def side_of(self, code: str) -> dict[str, str]:
        """As whom the institution is counted in a figure; {}: as both."""
        side = "owner" if code in AS_OWNER else "borrower" if code in AS_BORROWER else ""
        return {"side": side} if side else {}

    def hours_query(self) -> str:
        return self.query(kind="")

    @property
    def uses_address(self) -> str:
        return reverse("reports:uses", args=[self.institution.slug])

    @property
    def demands_address(self) -> str:
        return reverse("reports:demand", args=[self.institution.slug])

    def page_address(self, page: str) -> str:
        return reverse(f"reports:{page}", args=[self.institution.slug])

    def page_query(self) -> str:
        return self.query()


class CityBehind(Behind):
    """``about``: an institution, whose rows are on the pages of its district, or None: the city."""

    @property
    def uses_address(self) -> str:
        return reverse("city:uses")

    @property
    def demands_address(self) -> str:
        return reverse("city:demand")

    @property
    def whose(self) -> dict:
        return {"institution": self.about.pk} if self.about else {}

    def page_address(self, page: str) -> str:
        return reverse(f"city:{page}")

    def hours_query(self) -> str:
        """Of one institution by its classes."""
        return self.query(kind="", institution=self.about.pk if self.about else "")

    def page_query(self) -> str:
        district = code_of(self.about) if self.about else ""
        return self.query(institution="", district=district)
