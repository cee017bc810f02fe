"""Cases (vụ việc cần giải quyết): corrections, possible duplicates, merge conflicts; queues."""
