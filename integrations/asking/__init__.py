"""Asking products for what their webhooks only point at."""
