"""A spreadsheet of KPIs becomes a draft rulebook, with every guess marked for a person to confirm."""
