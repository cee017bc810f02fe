"""A table against a register: by questions that a grant allows, and no more kept than was said."""
