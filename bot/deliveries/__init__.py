"""The rows of the outbox on their way to the platforms: leased, paced, sent, tried again."""
