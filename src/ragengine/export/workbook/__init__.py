"""A workbook whose cells rate by formula, for those who check the engine by hand in a spreadsheet."""
