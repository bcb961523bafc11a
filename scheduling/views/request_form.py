"""The request column as a page of its own, opened from a resource's page."""

from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from scheduling.addresses import find_address
from scheduling.forms.find import FindForm
from scheduling.states import Priority
from scheduling.views.request_column import AsksForOne


class RequestCreate(AsksForOne):
    permission = Permission.ASK
    template_name = "scheduling/request_form/page.html"

    @property
    def unit(self) -> int:
        return self.kwargs["pk"]

    @cached_property
    def search(self) -> FindForm:
        """The optional times of the address, read as the search reads them."""
        return FindForm(
            self.request.GET,
            sites=self.sites,
            zone=self.zone,
            now=self.now,
            categories=[],
        )

    def get(self, request, *args, **kwargs):
        wrong = self.search.is_bound and not self.search.is_valid()
        return self.render_to_response(self.get_context_data(), status=400 if wrong else 200)

    def first_wish(self) -> dict:
        """The times in the address, else tomorrow for a day (after the owner's notice)."""
        if self.search.is_bound and self.search.is_valid():
            names = ("starts_at", "ends_at", "units", "priority")
            return {name: self.search.cleaned_data[name] for name in names}
        first = FindForm.first_values(self.now)
        return {
            "starts_at": first["starts_at"],
            "ends_at": first["ends_at"],
            "units": 1,
            "priority": Priority.ROUTINE,
        }

    def address(self, **changes) -> str:
        """Another unit is another page."""
        unit = changes.pop("unit", self.unit)
        path = reverse("scheduling:request-create", args=[self.institution.slug, unit])
        wish = self.wish
        values = {
            "starts_at": wish.starts_at,
            "ends_at": wish.ends_at,
            "units": wish.units,
            "priority": wish.priority,
            "need": self.need_number,
        } | changes
        return f"{path}?{self.query(values)}"

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or self.get_form()
        column = self.column(form)
        return super().get_context_data(
            form=form, column=column, search=self.search, find_url=self._find_url(), **kwargs
        )

    def _find_url(self) -> str:
        """The search for devices like this one at these times."""
        wish = self.wish
        return find_address(
            self.institution,
            wish.resource.category,
            self.zone,
            units=wish.units,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            priority=wish.priority,
        )
