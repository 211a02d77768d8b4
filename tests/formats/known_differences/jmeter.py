"""JMeter: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

OF_A_PLUGIN = (
    "three samples of the WebDriver plug-in, which are written with an element for each of their "
    "facts: samples all the same"
)
COUNTS = {
    "jmeter-xml/Blazemeter-taurus/jmeter__jtl__nonstandard-unicode.jtl": OF_A_PLUGIN,
}
