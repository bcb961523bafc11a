"""How shares become numbers of days.  Leaves: no models, no clock."""
