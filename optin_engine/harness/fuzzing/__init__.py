"""Fuzzing: Hypothesis plays conversations, and an independent oracle says what must come."""
