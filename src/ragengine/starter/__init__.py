"""What ``ragengine init`` writes: a small rulebook and data that a newcomer can edit, or a published key."""

from .newcomer import FILES
from .published import PublishedKey, published_files, published_keys

__all__ = ["FILES", "PublishedKey", "published_files", "published_keys"]
