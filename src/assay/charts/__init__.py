"""One file per chart: what it shows, and where the server draws it."""

from assay.charts import durations, shares, spark, trend

CHARTS = (durations, shares, spark, trend)
