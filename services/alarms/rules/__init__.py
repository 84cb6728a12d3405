"""The alarm engine: pure decisions about values, silence and people's answers to them."""
