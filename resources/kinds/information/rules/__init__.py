"""What the rules say of shared information: functions that yield findings."""
