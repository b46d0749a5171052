"""Knowledge: what the classes and functions of libraries mean, as data (one TOML file per library)."""
