"""Conditions that say more to the planner than Django's own.

SQLite considers a partial index only where it can see that the condition of the index holds;
a value that comes as a parameter hides that: the constants stand in the statement's text.
"""

from collections.abc import Iterable

from django.db.models import BooleanField, Func, QuerySet, Subquery


class Among(Func):
    """``filter(Among("state", State.OPEN))``: the column holds one of these words of ours."""

    output_field = BooleanField()
    arity = 1

    def __init__(self, column, words: Iterable[str]):
        self.words = tuple(str(word) for word in words)
        if not self.words or not all(word.isidentifier() for word in self.words):
            raise ValueError(f"not words of ours: {self.words}")
        super().__init__(column)

    def as_sql(self, compiler, connection, **extra):
        texts = ", ".join(f"'{word}'" for word in self.words)
        return super().as_sql(
            compiler, connection, template=f"%(expressions)s IN ({texts})", **extra
        )


class OneOf(Func):
    """``filter(OneOf("pk", rows[:600]))``: the column is a key of a short, cut-off queryset.

    PostgreSQL reads those keys first, as an array: a join with the rest of the statement could
    turn the order round and read everything for each of them.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, keys: QuerySet):
        super().__init__(column, Subquery(keys.values("pk")))

    def as_sqlite(self, compiler, connection, **kwargs):
        return self.as_sql(
            compiler, connection, template="%(expressions)s", arg_joiner=" IN ", **kwargs
        )

    def as_postgresql(self, compiler, connection, **kwargs):
        joiner = " = ANY(ARRAY"
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=joiner, **kwargs
        )
