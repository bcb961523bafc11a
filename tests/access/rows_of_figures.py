"""The rows of figures in the access table: names and sides, then what differs."""

FIGURES = [
    ("reports:method", "view", {}),
    ("reports:scorecard", "view", {}),
    ("reports:register", "view", {}),
    ("reports:all-figures", "view", {}),
    ("reports:uses", "view", {}),
]
FIGURES_OF_CITY = [
    ("city:method", "city-view", {}),
    ("city:figures", "city-view", {}),
    ("city:all-figures", "city-view", {}),
    ("city:uses", "city-view", {}),
    ("city:register", "city-view", {}),
    ("city:equity", "city-view", {}),
    ("city:scorecard", "city-view", {"thing": "house"}),
    ("city:all-figures-of", "city-view", {"thing": "house"}),
]
