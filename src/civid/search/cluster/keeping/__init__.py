"""Keeping (điều phối): who decides where shards lie, who may answer, and what is acknowledged."""
