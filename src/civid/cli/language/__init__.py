"""The language of the command line (ngôn ngữ): English, or Vietnamese out of one catalogue."""
