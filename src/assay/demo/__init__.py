"""`assay demo`: a made-up company with months of history, imported through the real door.

`plan` invents the company's report files, `run` serves them.
"""

from assay.demo.plan import plan
from assay.demo.show import run

__all__ = ["plan", "run"]
