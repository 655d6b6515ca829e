"""What Vigie knows of postings: reading them, deciding what happened, storing it, answering questions.

Nothing here knows of feeds or chat.
"""
