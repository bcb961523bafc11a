"""Over what the numbers of days are summed."""

from enum import StrEnum, nonmember


class Level(StrEnum):
    HOUSE_DAY = "house-day"  # an institution's day, all categories
    HOUSE_MONTH = "house-month"
    CLASS_MONTH = "class-month"  # an institution's month, by category
    CITY_DAY = "city-day"  # of all institutions, by category
    CITY_MONTH = "city-month"

    OF_CITY = nonmember(("city-day", "city-month"))
    OF_ALL_CATEGORIES = nonmember(("house-day", "house-month"))
