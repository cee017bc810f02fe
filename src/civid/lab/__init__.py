"""Synthetic prints, evaluation, pictures. Nothing else imports it but the CLI."""
