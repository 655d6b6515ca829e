"""The processes that run: what is put together in them, who watches, what they serve by HTTP."""
