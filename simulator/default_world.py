"""The people and chats a demonstration begins with."""

from simulator.wire import Json

DEFAULT_WORLD: Json = {
    "people": [
        {"id": 1001, "first_name": "Erika", "language_code": "de", "note": "Bürgerin"},
        {"id": 1002, "first_name": "Oleksandr", "language_code": "uk", "note": "Bürger"},
        {"id": 1003, "first_name": "Amy", "language_code": "en", "note": "Bürgerin"},
        {"id": 2001, "first_name": "Sabine", "language_code": "de", "note": "Personal: Admin"},
        {"id": 2002, "first_name": "Jörg", "language_code": "de", "note": "Personal: Redaktion"},
    ],
    "chats": [
        {
            "id": -4001,
            "type": "group",
            "title": "Feuerwehr Köthen",
            "members": [2002],
            "admins": [],
            "bot_admin": False,
        },
        {
            "id": -1_001_000_000_001,
            "type": "channel",
            "title": "Corona ABI",
            "username": "corona_abi",
            "members": [1001, 1002, 1003, 2001, 2002],
            "admins": [2001],
            "bot_admin": True,
        },
    ],
}
