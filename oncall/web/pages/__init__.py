"""The pages people see: templates, and the few files they load."""
