"""Every message as it would look on each platform, about invented postings."""
