"""Image files: PNG, BMP, JPEG, TIFF, JPEG 2000, GIF, PGM and WSQ as grey pixels. Bounded."""
