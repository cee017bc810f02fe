"""Ridges of a finger: its flow, its period, how they grow, and what their phase says."""
