"""What a crisis may relax in the workflow, each in a module of its own."""

from . import city_approval, shorter_notice  # noqa: F401 – they register themselves
