"""Clusters under killed nodes, keepers and heads, full disks, slow nodes and disks of yesterday."""
