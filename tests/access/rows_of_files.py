"""The rows of what of the reports is taken along, kept or watched in the access table."""

FILES = [
    ("reports:uses-export", "export", {"get": 405, "post": 400}),
]
FILES_OF_CITY = [
    ("city:uses-export", "city-view", {"get": 405, "post": 400}),
]
