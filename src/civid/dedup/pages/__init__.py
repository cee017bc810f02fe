"""Pages (trang kết luận trùng) for the people who decide; served on this machine, no internet."""
