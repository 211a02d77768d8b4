"""One file per chart: what it shows, and where the server draws it."""

from assay.charts import badge, curve, durations, shares, spark, trend

CHARTS = (badge, curve, durations, shares, spark, trend)
