"""The scores of duplicates that were missed: how far below the threshold they are."""
