"""What pages about a dispute say of its figures and of the way back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_month
from medshare_portal.money import money_words
from reports.models import Statement, StatementLine
from scheduling.costs import Unit


def figures(line: StatementLine, source, currency: str, prefix: str = "") -> dict[str, str]:
    """Quantity with its unit, price and amount in words; ``source`` has them as attributes."""
    quantity, price = (getattr(source, f"{prefix}{name}") for name in ("quantity", "price"))
    return {
        "quantity": Unit(line.unit).counted(quantity, f"{quantity.normalize():,f}"),
        "price": f"{price:,.2f} {currency}",
        "amount": money_words(getattr(source, f"{prefix}amount"), currency),
    }


def crumbs_of(statement: Statement, institution) -> list[dict]:
    """The list, then the statement; the city's own pages where there is no institution."""
    if institution is None:
        pages = ("city:statement-list", []), ("city:statement", [statement.pk])
        name = f"{statement.first.name} – {statement.second.name}"
    else:
        at = [institution.slug]
        pages = ("reports:statement-list", at), ("reports:statement", [*at, statement.pk])
        name = statement.other(institution).name
    labels = (_("Statements"), f"{name} · {describe_month(statement.month)}")
    return [
        {"label": label, "url": reverse(page, args=arguments)}
        for label, (page, arguments) in zip(labels, pages, strict=True)
    ]
