"""Generated cities for the matcher, and the table of what it must reach (`make bench-matching`)."""
