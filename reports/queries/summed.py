"""Many sums of one table in one expression."""

from django.db.models import BigIntegerField, Expression

from reports.rollups.columns import summed


class Summed(Expression):
    """Put last into ``annotate``: as many whole numbers at the end of each row as there are names.

    An expression of Django's for each of fifty columns costs more than reading the rows; and
    PostgreSQL's sum of whole numbers is a decimal, unless it is told otherwise.
    """

    contains_aggregate = True

    def __init__(self, names: tuple[str, ...]):
        super().__init__(output_field=BigIntegerField())
        self.names = names

    def resolve_expression(self, query=None, *_args, **_kwargs):
        return self.copy()

    def get_group_by_cols(self) -> list:
        return []

    def as_sql(self, compiler, connection):
        table = compiler.quote_name_unless_alias(compiler.query.get_initial_alias())
        whole = "::bigint" if connection.vendor == "postgresql" else ""
        return ", ".join(f"{summed(name, table)}{whole}" for name in self.names), []
