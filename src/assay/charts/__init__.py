"""One file per chart: what it shows, and where the server draws it."""

from assay.charts import badge, durations, shares, spark, trend

CHARTS = (badge, durations, shares, spark, trend)
