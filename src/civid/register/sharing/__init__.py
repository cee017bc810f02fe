"""Rows of sharing (chia sẻ): grants, consents, questions, counts, names for people; no rights."""
