"""Hand coding: sheets, agreement, and scores corrected for precision."""
