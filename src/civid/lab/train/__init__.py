"""Training on made prints alone: sets with the truth, a network of fields, what it is worth."""
