"""Whom to page, when, and what leaders are told: pure functions of values and now."""
