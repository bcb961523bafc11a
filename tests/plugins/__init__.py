"""What holds for every test: see tests/conftest.py."""
