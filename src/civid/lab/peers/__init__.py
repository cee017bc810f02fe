"""Extractors and matchers to evaluate: civid's own, those of others, and yours.

`load_system` finds them by name; `interface` says what a plug-in has to be. The adapters hold no
code of the peers: they call what the user has installed, and say what is missing.
"""

from civid.lab.peers.interface import Extractor, Matcher
from civid.lab.peers.systems import System, load_system, names

__all__ = ["Extractor", "Matcher", "System", "load_system", "names"]
