"""SQL that rates a table of measurements: the band table, and one query that looks every row up in it."""
