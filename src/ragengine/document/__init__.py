"""Documents of blocks as text and Markdown, and whole files written or none. Knows no ratings."""
