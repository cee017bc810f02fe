"""Exhibits (hồ sơ đối chiếu): all that is kept of one person, for the eyes of who has to decide."""
