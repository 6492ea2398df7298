"""DATA: what the texts of a programme are held against."""
