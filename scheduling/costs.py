"""What a use costs."""

from decimal import Decimal


def cost_of(hours: float, units: int, fee_per_hour) -> Decimal:
    """Cost recovery of a use, to the cent."""
    return (Decimal(str(hours)) * units * Decimal(fee_per_hour)).quantize(Decimal("0.01"))
