"""A Spark job that rates a table of measurements by a rulebook: ``spark-submit spark_job.py RULES IN OUT``.

IN and OUT are Parquet here; on Databricks or Fabric read and write tables by name instead. The rules are read once, on the
driver; what goes to the workers is a small table of thresholds.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

import ragengine
from ragengine import frames


def main(rules: str, source: str, target: str) -> None:
    """Rates every row and counts levels by area."""
    session = SparkSession.builder.appName("ragengine").getOrCreate()
    book = ragengine.load(rules)
    measurements = session.read.parquet(source)
    # a few hundred periods are read once; a column of dates would not even need that
    periods = [row.period for row in measurements.select("period").distinct().collect()]
    rated = frames.rate(measurements, book, periods=periods)
    rated.write.mode("overwrite").partitionBy("area").parquet(target)
    session.read.parquet(target).groupBy("area", "rag").count().orderBy("area", "rag").show(1000, truncate=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
