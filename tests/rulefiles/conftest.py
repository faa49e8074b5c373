"""The bad folders are data of the tests beside them, and no rulebooks to collect."""

collect_ignore = ["bad"]
