"""A condition whose constants stand in the statement's text.

SQLite considers a partial index only where it can see that the condition of the index holds;
a value that comes as a parameter hides that.
"""

from collections.abc import Iterable

from django.db.models import BooleanField, Func


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
