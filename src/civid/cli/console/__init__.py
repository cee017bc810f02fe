"""What commands share: options, words for problems, tables, JSON, progress."""
