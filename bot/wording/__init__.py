"""Messages in words, before any platform."""
