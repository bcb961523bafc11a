"""A check constraint's condition for one row, in Python.

Django asks the database for each constraint of each row: 20 ms a row for a device, minutes for a
file.  Only what our models' constraints use is understood; anything else raises NotUnderstood.
"""

import operator

from django.db.models import F, Model, Q

COMPARISONS = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "exact": operator.eq,
}


class NotUnderstood(NotImplementedError):
    """The condition uses a lookup that is not written down here."""


def holds(condition: Q, row: Model) -> bool | None:
    """Whether the row satisfies the condition; None where SQL would say NULL (which passes)."""
    answers = [
        holds(child, row) if isinstance(child, Q) else _compare(*child, row)
        for child in condition.children
    ]
    answer = _either(answers) if condition.connector == Q.OR else _both(answers)
    return answer if answer is None or not condition.negated else not answer


def _both(answers: list) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _either(answers: list) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _compare(lookup: str, wanted, row: Model) -> bool | None:
    name, _dunder, how = lookup.partition("__")
    value = getattr(row, row._meta.get_field(name).attname)
    if isinstance(wanted, F):
        wanted = getattr(row, row._meta.get_field(wanted.name).attname)
    if how == "isnull":
        return (value is None) == wanted
    if value is None or wanted is None:
        return value is wanted if how in {"", "exact"} and wanted is None else None
    if how == "in":
        return value in wanted
    if how == "range":
        return wanted[0] <= value <= wanted[1]
    if (how or "exact") not in COMPARISONS:
        raise NotUnderstood(lookup)
    return COMPARISONS[how or "exact"](value, wanted)


def columns_of(condition: Q) -> set[str]:
    """The fields that a condition reads."""
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= columns_of(child)
        else:
            lookup, wanted = child
            found.add(lookup.partition("__")[0])
            found |= {wanted.name} if isinstance(wanted, F) else set()
    return found
