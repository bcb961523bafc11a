"""What the catalogue's rules say: functions that yield findings, kind by kind."""
