"""Rules that look at one row at a time, a topic a file."""
