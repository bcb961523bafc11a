"""The rows of figures in the access table: names and sides, then what differs."""

FIGURES = [
    ("reports:method", "view", {}),
    ("reports:scorecard", "view", {}),
    ("reports:register", "view", {}),
    ("reports:all-figures", "view", {}),
    ("reports:device-hours", "view", {}),
    ("reports:expiry", "view", {}),
    ("reports:staff-figures", "view", {}),
    ("reports:privacy", "view", {}),
    ("reports:answers", "view", {}),
    ("reports:uses", "view", {}),
    ("reports:quality", "view", {}),
]
FIGURES_OF_CITY = [
    ("city:method", "city-view", {}),
    ("city:bookings", "city-view", {}),
    ("city:open-needs", "city-view", {}),
    ("city:figures", "city-view", {}),
    ("city:all-figures", "city-view", {}),
    ("city:answers", "city-view", {}),
    ("city:uses", "city-view", {}),
    ("city:register", "city-view", {}),
    ("city:device-hours", "city-view", {}),
    ("city:quality", "city-view", {}),
    ("city:lots-at-risk", "city-view", {}),
    ("city:expiry", "city-view", {}),
    ("city:staff-figures", "city-view", {}),
    ("city:privacy", "city-view", {}),
    ("city:equity", "city-view", {}),
    ("city:scorecard", "city-view", {"thing": "house"}),
    ("city:all-figures-of", "city-view", {"thing": "house"}),
]
