"""What one event makes of what each channel has of a posting: whom it is told, when, and what is taken back."""
