"""schedlint: find learning-rate scheduler mistakes in PyTorch training code without running it."""

__version__ = "0.1.0.dev0"
