"""Backup and restore: what is in a backup (`tables`), how it is kept (`container`, `sealing`), the two ways."""
