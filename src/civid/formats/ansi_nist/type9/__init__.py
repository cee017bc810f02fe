"""The blocks of a Type-9 record that are understood; those of vendors are kept."""
