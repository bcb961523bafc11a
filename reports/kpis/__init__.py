"""What the figures of the city are made of: pure functions, numbers in, a ``Measure`` out.

One module per family; no Django but in ``catalogue``, which says in words what each figure is.
"""

from reports.kpis.measure import Measure, Unit, amount, ratio

__all__ = ["Measure", "Unit", "amount", "ratio"]
