"""Reading the configuration: one TOML file in, typed values or all its problems out."""
