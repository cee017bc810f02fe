"""Tables of others: CSV in any writing, Parquet, and which column says what."""
