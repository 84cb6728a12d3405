"""From what a network server sends to measurements; knows nothing of Telegram or the database."""
