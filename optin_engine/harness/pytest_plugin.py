"""The pytest plugin: stories as tests, and fixtures to text with."""
