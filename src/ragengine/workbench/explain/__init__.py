"""What a rule says and why: on a day, through time, and what stands in the way of a level."""
