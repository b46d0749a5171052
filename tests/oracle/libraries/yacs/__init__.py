"""As much of yacs as the fixtures use."""
