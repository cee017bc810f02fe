"""The counter (thu nhận hồ sơ): guided steps, the thirteen frames of prints, feedback at once."""
