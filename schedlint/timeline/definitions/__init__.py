"""Classes of the project that are schedulers, read without running anything: what building and stepping them does."""
