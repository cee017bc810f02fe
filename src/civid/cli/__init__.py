"""The civid command."""
