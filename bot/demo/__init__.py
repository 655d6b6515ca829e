"""`vigie demo`: an invented history, played through the same parts as `vigie run`."""
