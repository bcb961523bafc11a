"""django-filter's filter sets without their cost per request.

As it comes, a filter set copies every filter deeply and builds the class of its form, field by
field, at every request.  Nothing of that depends on the request but the rows that a choice among
models offers: here the copies are shallow, and a form's class is made once per set of fields.
"""

import copy
from collections import OrderedDict

import django_filters
from django_filters.filters import QuerySetRequestMixin

_forms: dict[tuple, type] = {}


class SharedFilters(OrderedDict):
    """The filters of a class; a filter set takes copies that share all but their owner."""

    def __deepcopy__(self, memo) -> dict:
        return {name: _twin(filter_) for name, filter_ in self.items()}


def _twin(filter_):
    twin = copy.copy(filter_)
    if filter_.method is not None:
        twin.method = filter_.method  # bound to the twin, which knows its filter set
    return twin


class FilterSet(django_filters.FilterSet):
    """The base of every filter set."""

    @classmethod
    def get_filters(cls):
        return SharedFilters(super().get_filters())

    def get_form_class(self):
        key = (type(self), *self.filters)
        if key not in _forms:
            made = super().get_form_class()
            for name in self._of_models():
                field = made.base_fields[name]
                field.queryset = field.queryset.none()
            _forms[key] = made
        return _forms[key]

    @property
    def form(self):
        if not hasattr(self, "_form"):
            self._ready(super().form)
        return self._form

    def _ready(self, form) -> None:
        """What a form shows of this request; subclasses add to it."""
        for name in self._of_models():
            form.fields[name].queryset = self.filters[name].get_queryset(self.request)

    def _of_models(self) -> list[str]:
        """The filters that choose among rows."""
        return [n for n, each in self.filters.items() if isinstance(each, QuerySetRequestMixin)]
