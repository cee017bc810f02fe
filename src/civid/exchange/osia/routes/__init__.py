"""The routes of OSIA, a module a group. Bodies and answers are those of OSIA's own description."""
