"""The population register (dữ liệu dân cư): people as dated claims, households, forms, slips."""
