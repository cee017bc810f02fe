"""Records that hold finger images: one module a standard and edition."""
