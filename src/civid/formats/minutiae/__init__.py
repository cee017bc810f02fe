"""Minutiae records (bản ghi đặc điểm vân tay), one module a standard and edition.

Each has the same verbs: ``sniff``, ``parse``, ``validate``, ``build``.
"""
