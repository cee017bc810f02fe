"""XML of strangers: read in bounded time and memory, written so that it reads back the same.

Expat of the standard library does the parsing. What makes XML dangerous is refused where it
begins: document types, entities, anything from outside. So little is left to guard that another
library (defusedxml) would add a dependency and still leave sizes unbounded.
"""

from civid.formats.safe_xml.children import Children
from civid.formats.safe_xml.element import Element
from civid.formats.safe_xml.read import read_xml
from civid.formats.safe_xml.write import write_xml

__all__ = ["Children", "Element", "read_xml", "write_xml"]
