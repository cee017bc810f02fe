"""Types 13, 14 and 15: an image of any resolution with tags."""
