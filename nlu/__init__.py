"""From free text to what the person wants; knows nothing of chats, databases or counties."""
