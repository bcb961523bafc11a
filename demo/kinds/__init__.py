"""What each further kind adds to the made-up city."""
