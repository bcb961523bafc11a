"""What people and the audit trail are told of statements and disputes.

Call it last in the action's transaction: it locks the audit chains.
"""

from datetime import date, datetime

from django.utils import timezone, translation

from medshare_portal import audit
from medshare_portal.local_times import describe_date, describe_month
from medshare_portal.models import AuditEvent, Institution
from medshare_portal.money import money_words
from medshare_portal.notices import Notice, keys_of_people_with, people_with, queue_for
from medshare_portal.roles import Permission
from reports import notices
from reports.models import LineDispute, Statement

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))
Notices = type[Notice]


def in_both(name: str, words) -> dict[str, str]:
    """``words()`` in each language, for a notice's context."""
    texts = {}
    for suffix, language in LANGUAGES:
        with translation.override(language):
            texts[f"{name}_{suffix}"] = str(words())
    return texts


def drafted(statements: list[Statement], *, month: date, until: datetime, now: datetime) -> None:
    """Once per institution, however many statements it has."""
    last_day = timezone.localtime(until, timezone.get_default_timezone())
    facts = in_both("until", lambda: describe_date(last_day, year=False))
    _tell_each(notices.StatementsDrafted, statements, month, facts, now)
    _record_all("statement.drafted", statements, month, now)


def closed(statements: list[Statement], *, month: date, now: datetime) -> None:
    """The review is over."""
    _tell_each(notices.StatementsClosed, statements, month, {}, now)
    _record_all("statement.closed", statements, month, now)


def _tell_each(told: Notices, statements, month: date, facts: dict, now: datetime) -> None:
    numbers: dict[int, int] = {}
    for row in statements:
        for side in (row.first_id, row.second_id):
            numbers[side] = numbers.get(side, 0) + 1
    facts = facts | in_both("month", lambda: describe_month(month))
    for institution in _institutions(numbers):
        queue_for(
            told,
            people=keys_of_people_with(Permission.SETTLE, institution),
            institution=institution,
            event_key=f"{told.code}:{month:%Y-%m}:{now:%Y%m%d%H%M}",
            context=facts | {"number": numbers[institution.pk]},
            now=now,
        )


def _institutions(keys) -> list[Institution]:
    return list(Institution.objects.directory().filter(pk__in=list(keys)).order_by("slug"))


def _record_all(action: str, statements, month: date, now: datetime) -> None:
    """One event for all institutions: their chains are locked together, in one order."""
    sides = {row.first_id for row in statements} | {row.second_id for row in statements}
    audit.record(
        chains=[institution.slug for institution in _institutions(sides)],
        by=None,
        action=action,
        obj="reports.statement",
        label=f"{month:%Y-%m}",
        now=now,
        data={"month": f"{month:%Y-%m}"},
    )


def of_statement(statement: Statement, action: str, *, by, now: datetime) -> None:
    """A step of one statement, in the trail of both sides."""
    audit.record(
        chains=[statement.first.slug, statement.second.slug],
        by=by,
        action=action,
        obj=statement,
        label=label_of(statement),
        now=now,
        data={"month": f"{statement.month:%Y-%m}"},
    )


def accepted(statement: Statement, other: Institution, *, told: Institution, now) -> None:
    """The side that has not accepted yet learns that ``other`` has."""
    queue_for(
        notices.StatementAccepted,
        people=keys_of_people_with(Permission.SETTLE, told),
        institution=told,
        event_key=f"statement.accepted:{statement.pk}:{other.pk}:{now:%Y%m%d%H%M%S}",
        context=in_both("month", lambda: describe_month(statement.month)) | _named(other),
        now=now,
        object_id=statement.pk,
    )


def of_dispute(
    dispute: LineDispute,
    action: str,
    told: Notices,
    *,
    to: list[Institution | None],
    other: Institution | None,
    by,
    now: datetime,
    text: str,
) -> None:
    """A step of a dispute: told to these institutions (None: the city), in the trail of both
    sides, and in the city's where the city has a part in it."""
    line = dispute.line
    context = _facts(dispute, text) | _named(other)
    for institution in to:
        queue_for(
            told,
            people=[key for key in _people(institution) if key != by.pk],
            institution=institution,
            event_key=f"{told.code}:{dispute.pk}:{dispute.state}",
            context=context,
            now=now,
            object_id=dispute.pk,
        )
    city = [AuditEvent.CITY] if dispute.city_asked_at else []
    audit.record(
        chains=[line.creditor.slug, line.debtor.slug, *city],
        by=by,
        action=action,
        obj=dispute,
        label=f"{line.reference} · {label_of(line.statement)}",
        now=now,
        data={
            "quantity": [str(dispute.before_quantity), str(dispute.after_quantity)],
            "price": [str(dispute.before_price), str(dispute.after_price)],
            "amount": [
                money_words(dispute.before_amount, line.statement.currency),
                money_words(dispute.after_amount, line.statement.currency),
            ],
            "text": text,
        },
    )


def label_of(statement: Statement) -> str:
    sides = f"{statement.first.slug} {statement.second.slug}"
    return f"{statement.month:%Y-%m} {statement.currency} {sides}"


def _people(institution: Institution | None) -> list[int]:
    if institution is None:
        return [person.pk for person in people_with(Permission.DECIDE_DISPUTE, None)]
    return keys_of_people_with(Permission.SETTLE, institution)


def _named(institution: Institution | None) -> dict[str, str]:
    if institution is None:
        return {}
    return in_both("other", lambda: institution.name)


def _facts(dispute: LineDispute, text: str) -> dict:
    line, currency = dispute.line, dispute.line.statement.currency
    return {
        "reference": line.reference,
        "text": text,
        "before": money_words(dispute.before_amount, currency),
        "after": money_words(dispute.after_amount, currency),
        **in_both("what", lambda: line.what),
        **in_both("state", lambda: dispute.get_state_display()),
        **in_both("month", lambda: describe_month(line.statement.month)),
    }
