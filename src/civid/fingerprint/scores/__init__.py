"""What a score means: false match rates of raw scores, words for them, and what is measured."""
