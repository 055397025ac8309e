"""Facts and a policy become a verdict a use: pure functions, so that the same evidence always gives the same verdict."""
