"""The worker: takes MOSIP's messages from a queue, answers them in order, and loses none."""
