"""Amounts in templates: {% load money %}, {{ amount|money:currency }}."""

from django import template

from resources.tables import money

register = template.Library()
register.filter("money", money)
