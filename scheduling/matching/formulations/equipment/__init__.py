"""Equipment: interval packing over columns (need, unit, start)."""
