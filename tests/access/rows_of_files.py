"""The rows of what of the reports is taken along, kept or watched in the access table."""

FILES = [
    ("reports:alerts", "view", {}),
    ("reports:alert-limits", "set-limits", {"post": 400}),
    ("reports:alert-limits-follow", "set-limits", {"post": 400}),
    ("reports:saved-reports", "view", {}),
    ("reports:saved-report-new", "view", {"post": 422}),
    ("reports:saved-report", "view", "nobody", "kept_report", {"post": 404}),
    ("reports:saved-report-change", "view", "nobody", "kept_report", {"post": 404}),
    ("reports:saved-report-mail", "view", "nobody", "kept_report", {"post": 404}),
    ("reports:saved-report-delete", "view", "nobody", "kept_report", {"post": 404}),
    ("reports:uses-export", "export", {"get": 405, "post": 400}),
    ("reports:evaluation", "view", {}),
    ("reports:evaluation-export", "export", {"get": 405, "post": 400}),
]
FILES_OF_CITY = [
    ("city:alerts", "city-view", {}),
    ("city:alert-limits", "set-city-limits", {"post": 400}),
    ("city:saved-reports", "city-view", {}),
    ("city:saved-report-new", "city-view", {"post": 422}),
    ("city:saved-report", "city-view", {"thing": "shared_report", "get": 302, "post": 405}),
    ("city:saved-report-change", "city-view", {"thing": "city_report", "get": 404, "post": 404}),
    ("city:saved-report-mail", "city-view", {"thing": "shared_report", "post": 400}),
    ("city:saved-report-delete", "city-view", {"thing": "city_report", "get": 404, "post": 404}),
    ("city:uses-export", "city-view", {"get": 405, "post": 400}),
    ("city:evaluation", "city-view", {}),
    ("city:evaluation-export", "city-view", {"get": 405, "post": 400}),
    ("city:evaluation-of", "city-view", {"thing": "house"}),
    ("city:evaluation-of-export", "city-view", {"thing": "house", "get": 405, "post": 400}),
]
