"""The files of a durable gallery: the folder that is held open, its lock, its commit counter."""
