"""What a planner does: the steps, the plan folder, the demo centre, long work in a worker."""
