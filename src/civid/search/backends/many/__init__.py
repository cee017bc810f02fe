"""Many at once: what questions about a probe, probes, or many against many share is done once."""
