"""The rows of what of the reports is taken along, kept or watched in the access table."""

FILES = [
    ("reports:uses-export", "export", {"get": 405, "post": 400}),
    ("reports:evaluation", "view", {}),
    ("reports:evaluation-export", "export", {"get": 405, "post": 400}),
]
FILES_OF_CITY = [
    ("city:uses-export", "city-view", {"get": 405, "post": 400}),
    ("city:evaluation", "city-view", {}),
    ("city:evaluation-export", "city-view", {"get": 405, "post": 400}),
    ("city:evaluation-of", "city-view", {"thing": "house"}),
    ("city:evaluation-of-export", "city-view", {"thing": "house", "get": 405, "post": 400}),
]
