"""A local Telegram for demonstrations, training and tests.

It offers the Bot API over HTTP to a bot and a chat page in the browser to people.
"""
