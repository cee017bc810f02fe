"""The torture chamber: galleries under kill -9, power cuts, full disks, damage and bad company.

``make torture MINUTES=10`` runs it; `chamber` lists what is done.
"""
