"""Envelopes around biometric records (CBEFF): who made it, of what body part, of what quality.

One module a patron format, all with the same verbs. The blocks inside stay untouched; each
module's ``members`` hands them out with a word for what they are.
"""
