"""What a study shows: findings, methods and figures, and the sections of its report."""
