"""What analysts run over their rules: check, test, explain."""
