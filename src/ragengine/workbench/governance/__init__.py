"""Every grace and override of a rulebook: by whose authority, until when, what it did, and what rests on it."""
