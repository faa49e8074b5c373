"""Rule tests as data: run, counted, found wanting."""
