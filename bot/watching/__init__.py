"""Looks at the sources, and what each one finds."""
