"""What carriers and the law want of the texts."""
