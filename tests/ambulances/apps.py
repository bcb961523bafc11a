from django.apps import AppConfig


class AmbulancesConfig(AppConfig):
    name = "tests.ambulances"
    label = "ambulances"
    default_auto_field = "django.db.models.BigAutoField"
