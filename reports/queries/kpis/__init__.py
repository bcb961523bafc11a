"""What feeds each figure of the catalogue: one module per family, each ``figures(ground)``."""
