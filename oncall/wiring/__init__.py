"""The composition root: the only place that names providers and the database."""
