"""HTTP: the API, the calendars, the webhooks and the few pages."""
