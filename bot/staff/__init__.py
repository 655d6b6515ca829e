"""What the staff is told: files that cannot be read, holds, alerts, reminders."""
