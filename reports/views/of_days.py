"""A period of a page of figures in the address of the list behind it: it becomes its days."""

from typing import ClassVar

from reports.forms.figures import FiguresForm
from reports.queries.figures import counted_until, last_day


class OfDays:
    """Mixin of a list whose filters have ``first`` and ``last``."""

    no_period: ClassVar[dict] = {}  # why what the address says is none

    def dispatch(self, request, *args, **kwargs):
        query = request.GET.copy()
        if query.get("period") or not (query.get("first") or query.get("last")):
            form = FiguresForm(query, last=last_day(counted_until(), self.now))
            self.no_period = {} if form.is_valid() else form.errors
            if form.chosen:
                query["first"] = form.chosen.first.isoformat()
                query["last"] = form.chosen.last.isoformat()
        request.GET = query
        return super().dispatch(request, *args, **kwargs)

    def get_filterset(self, filterset_class):
        found = super().get_filterset(filterset_class)
        if found.is_bound and self.no_period:
            shown = found.form.errors
            for name in self.no_period.keys() - shown.keys():
                field = name if name in found.form.fields else None
                found.form.add_error(field, self.no_period[name])
        return found
