"""A folder of prints becomes a gallery and a list of duplicates: resumable, a file at a time."""
