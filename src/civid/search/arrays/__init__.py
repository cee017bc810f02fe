"""Templates of many subjects as flat arrays that C reads, in memory or mapped."""
