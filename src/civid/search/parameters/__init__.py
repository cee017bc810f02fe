"""Parameters of fusion and search: frozen, named in every result, read from JSON."""

from civid.search.parameters.files import ParameterFile, read_parameters
from civid.search.parameters.fusing import FusionParameters
from civid.search.parameters.searching import SearchParameters

__all__ = ["FusionParameters", "ParameterFile", "SearchParameters", "read_parameters"]
