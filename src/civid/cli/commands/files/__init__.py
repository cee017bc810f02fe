"""``civid convert`` and ``civid inspect``: files of every format."""
