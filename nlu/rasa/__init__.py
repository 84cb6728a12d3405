"""Rasa as another way to understand: training files for it, and how its answers are read."""
