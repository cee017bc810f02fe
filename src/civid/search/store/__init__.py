"""What makes a gallery durable: a database of changes, segments beside it, one writer."""
