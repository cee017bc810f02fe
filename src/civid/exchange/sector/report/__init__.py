"""The report: a page, a list of rows, the normalised table, and JSON; all or none of a file."""
