"""Effects between a finger's relief and a sensor's grey values: one a module.

Each has ``apply(scene)`` and a strength in `civid.lab.synthetic.learning.conditions`; strength 0
leaves the scene as it is, bit for bit, and draws from a stream of its own, so that leaving one out
changes nothing of the others.
"""
