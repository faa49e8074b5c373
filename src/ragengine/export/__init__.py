"""A rulebook for those who rate elsewhere: its band table as rows, as SQL with the query that rates, as a workbook."""
