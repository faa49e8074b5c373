"""What an author means: KPIs, actions, areas, graces, formulas and roll-up policies."""
