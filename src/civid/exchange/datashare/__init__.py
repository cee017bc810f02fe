"""Data shares: biometrics behind a URL, fetched within bounds and decrypted."""
