"""Queues before nodes that hold copies of shards: computed, with SimPy as the judge."""
