"""How each kind of contact is staffed: callers on the line, chats, work with due times."""
