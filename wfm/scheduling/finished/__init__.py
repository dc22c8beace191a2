"""A finished schedule told why, priced, edited, swapped, planned again, shared out."""
