"""Exchange (chia sẻ, khai thác): doors for other systems, and no more said than was asked."""
