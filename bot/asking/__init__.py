"""What people ask in the chats and on the command line, and the answers."""
