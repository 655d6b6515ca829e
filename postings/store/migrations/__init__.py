"""The migrations, run by `postings.store.schema`: never edited once released, only added to."""
