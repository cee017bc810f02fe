"""The engine: image -> template -> comparison."""
