"""Rules that need the whole register, a topic a file."""
