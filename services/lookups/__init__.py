"""Who looked at citizens' cases, and what for: written down, told, spot-checked, forgotten."""
