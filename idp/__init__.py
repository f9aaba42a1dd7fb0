"""Placeholder: the lead writes this package."""
