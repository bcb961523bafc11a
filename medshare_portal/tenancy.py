"""The guard that makes a forgotten scope impossible to run.

A tenanted model's ``objects`` returns querysets that refuse to *compile* until one of the
scoping verbs (``owned_by``, ``visible_to``, ``concerning``, …) has been named.  The refusal sits
in ``Query.get_compiler``, through which every statement passes, and not in a list of forbidden
methods: a new queryset method is closed by default.  ``everywhere(reason=…)`` is the one unscoped
door; a test holds the list of the files that may use it.
"""

from functools import cache

from django.db import models
from django.db.models import sql


class TenantNotSet(RuntimeError):
    """A query of a tenanted model was about to run without a scoping verb."""

    def __init__(self, model):
        super().__init__(
            f"{model.__name__}: name a scope first (owned_by, visible_to, concerning …)"
        )


class ScopeGuard:
    """Mixin for ``sql.Query`` classes: no compiler without a scope, kept across ``chain``."""

    scope: str | None = None

    def get_compiler(self, using=None, connection=None, elide_empty=True):
        if self.scope is None:
            raise TenantNotSet(self.model)
        return super().get_compiler(using, connection, elide_empty)

    def chain(self, klass=None):
        return super().chain(guarded(klass) if klass else None)

    def combine(self, rhs, connector):
        if self.scope is None or getattr(rhs, "scope", None) is None:
            raise TenantNotSet(self.model)
        return super().combine(rhs, connector)


@cache
def guarded(klass: type[sql.Query]) -> type[sql.Query]:
    """The guarded twin of one of Django's query classes (select, update, delete …)."""
    if issubclass(klass, ScopeGuard):
        return klass
    return type(f"Guarded{klass.__name__}", (ScopeGuard, klass), {})


class TenantQuerySet(models.QuerySet):
    """Base of every tenanted queryset; subclasses add the scoping verbs of their model."""

    def __init__(self, model=None, query=None, using=None, hints=None):
        if query is None and model is not None:
            query = guarded(sql.Query)(model)
        super().__init__(model, query, using, hints)

    def scoped(self, scope: str, *conditions, **equalities):
        """Filter and mark as scoped.  Only for the verbs of the subclasses."""
        queryset = self.filter(*conditions, **equalities)
        queryset.query.scope = scope
        return queryset

    def everywhere(self, *, reason: str):
        """All tenants' rows.  Allowed only in the files listed in the architecture test."""
        if not reason:
            raise ValueError("everywhere() needs a reason")
        return self.scoped(f"everywhere: {reason}")

    def _raw_delete(self, using):
        """Django's fast delete swaps the query's class by hand, past ``chain``."""
        if self.query.scope is None:
            raise TenantNotSet(self.model)
        return super()._raw_delete(using)

    def none(self):
        """The empty queryset crosses no wall, so it needs no scope."""
        queryset = super().none()
        queryset.query.scope = "none"
        return queryset


class OwnedQuerySet(TenantQuerySet):
    """For rows that only their institution works with: one column names the tenant."""

    tenant_field = "institution"

    def owned_by(self, institution):
        """Rows of this institution."""
        return self.scoped("owned_by", **{self.tenant_field: institution})


def tenant_manager(queryset_class: type[TenantQuerySet] = OwnedQuerySet):
    """The guarded manager for a tenanted model."""
    return models.Manager.from_queryset(queryset_class)()
