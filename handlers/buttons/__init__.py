"""Payloads of inline buttons; the one thing features share: any of them may offer any button.

Telegram allows 64 bytes: ids only, never anything about a person.
"""
