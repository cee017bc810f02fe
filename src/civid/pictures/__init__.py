"""Pictures of prints, minutiae and comparisons, drawn with Pillow alone; for pages as SVG.

Colours are those of Okabe and Ito (2008), which people with colour-blindness can tell apart; the
shape says the same as the colour: a circle is a ridge ending, a square a bifurcation.
"""

from civid.pictures.aligned import pair_explained
from civid.pictures.overlay import template_over_print
from civid.pictures.pair import pair_joined
from civid.pictures.slap import fingers_over_slap
from civid.pictures.stages import stages
from civid.pictures.vector import VectorSide, overlay_svg, pair_svg

__all__ = ["VectorSide", "fingers_over_slap", "overlay_svg", "pair_explained", "pair_joined",
           "pair_svg", "stages", "template_over_print"]  # fmt: skip
