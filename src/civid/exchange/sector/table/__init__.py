"""The partner's table: opened in any form, its columns guessed, its rows normalised."""
