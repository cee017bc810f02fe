"""``civid abis``, ``serve``, ``share``, ``sector``: doors for other systems."""
