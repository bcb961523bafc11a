"""Reads across models: availability, inbox, rule facts."""
