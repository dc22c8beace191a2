"""What cannot be scheduled, found before any solver and said in one sentence."""
